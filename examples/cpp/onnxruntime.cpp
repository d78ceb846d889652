#include "generate.h"
#ifdef WITH_ONNXRUNTIME
#include <onnxruntime_cxx_api.h>

Images with_onnxruntime(const std::string& file, int64_t batch, std::vector<float>& z, std::vector<float>& c) {
    Ort::Env environment;
    Ort::Session session(environment, std::basic_string<ORTCHAR_T>(file.begin(), file.end()).c_str(), Ort::SessionOptions{});
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const auto rows = [&](std::vector<float>& values) {
        const int64_t shape[] = {batch, static_cast<int64_t>(values.size()) / batch};
        return Ort::Value::CreateTensor<float>(memory, values.data(), values.size(), shape, 2);
    };
    std::vector<Ort::Value> inputs;
    inputs.push_back(rows(z));
    if (!c.empty()) inputs.push_back(rows(c));
    const char* names[] = {"z", "c"};
    const char* output[] = {"images"};
    const auto found = session.Run(Ort::RunOptions{}, names, inputs.data(), inputs.size(), output, 1);
    const auto shape = found[0].GetTensorTypeAndShapeInfo().GetShape();
    const auto* first = found[0].GetTensorData<float>();
    return {{first, first + shape[0] * shape[1] * shape[2] * shape[3]}, shape[1], shape[2], shape[3]};
}
#else
#include <stdexcept>

Images with_onnxruntime(const std::string&, int64_t, std::vector<float>&, std::vector<float>&) {
    throw std::runtime_error("This program was built without onnxruntime: see README.md.");
}
#endif
