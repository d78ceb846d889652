// Instead of <torch/script.h>, which takes half as long again to compile.
#include <ATen/ops/from_blob.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include "generate.h"

static at::Tensor rows(std::vector<float>& values, int64_t batch) {
    return at::from_blob(values.data(), {batch, static_cast<int64_t>(values.size()) / batch});
}

Images with_libtorch(const std::string& file, int64_t batch, std::vector<float>& z, std::vector<float>& c) {
    at::NoGradGuard no_gradients;
    auto generator = torch::jit::load(file);
    std::vector<c10::IValue> inputs{rows(z, batch)};
    if (!c.empty()) inputs.emplace_back(rows(c, batch));
    const auto images = generator.forward(std::move(inputs)).toTensor().contiguous();
    const auto* first = images.data_ptr<float>();
    return {{first, first + images.numel()}, images.size(1), images.size(2), images.size(3)};
}
