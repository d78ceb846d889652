// generate FILE BATCH SEED Z [K [ENTRY ...]]: images of a file that `ganx export` wrote.
#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fstream>
#include <iostream>

#include "generate.h"

// Philox4x32-10: four random words of a counter and a key, as docs/drawing.md says.
static std::array<uint32_t, 4> philox(std::array<uint32_t, 4> at, uint32_t low, uint32_t high) {
    for (int round = 0; round < 10; ++round, low += 0x9E3779B9u, high += 0xBB67AE85u) {
        const uint64_t left = 0xD2511F53ull * at[0], right = 0xCD9E8D57ull * at[2];
        at = {uint32_t(right >> 32) ^ at[1] ^ low, uint32_t(right), uint32_t(left >> 32) ^ at[3] ^ high, uint32_t(left)};
    }
    return at;
}

// Number j of the normal noise of image i.
static float normal(uint64_t seed, uint64_t i, uint32_t j) {
    const auto words = philox({j / 2, uint32_t(i), uint32_t(i >> 32), 0}, uint32_t(seed), uint32_t(seed >> 32));
    const double a = words[j % 2 * 2], b = words[j % 2 * 2 + 1], whole = 4294967296.0;
    return float(std::sqrt(-2 * std::log((a + 1) / whole)) * std::cos(2 * std::acos(-1.0) * (b / whole)));
}

static void write(const Images& images, int64_t batch) {
    std::ofstream raw("images.f32", std::ios::binary);
    raw.write(reinterpret_cast<const char*>(images.values.data()), std::streamsize(images.values.size() * sizeof(float)));
    std::ofstream picture("images.ppm", std::ios::binary);  // a column of images
    picture << "P6 " << images.width << " " << batch * images.height << " 255\n";
    const int64_t plane = images.height * images.width;
    for (int64_t image = 0; image < batch; ++image)
        for (int64_t pixel = 0; pixel < plane; ++pixel)
            for (int64_t colour = 0; colour < 3; ++colour) {
                const int64_t channel = std::min(colour, images.channels - 1);  // gray is one for all
                const float value = images.values[size_t((image * images.channels + channel) * plane + pixel)];
                picture.put(char(std::lround(std::clamp((value + 1) * 127.5f, 0.0f, 255.0f))));
            }
    if (!raw.flush() || !picture.flush()) throw std::runtime_error("The images cannot be written here.");
}

int main(int count, char** words) try {
    if (count < 5) throw std::runtime_error("Usage: generate FILE BATCH SEED Z [K [ENTRY ...]]");
    const std::string file = words[1];
    const auto batch = std::stoll(words[2]), size = std::stoll(words[4]), labels = count > 5 ? std::stoll(words[5]) : 0;
    if (batch < 1 || size < 1 || labels < 0) throw std::runtime_error("BATCH and Z are 1 or more, and K is not negative.");
    const auto seed = std::stoull(words[3]);
    std::vector<float> z(size_t(batch * size)), c(size_t(batch * labels));
    for (size_t place = 0; place < z.size(); ++place)
        z[place] = normal(seed, place / size_t(size), uint32_t(place % size_t(size)));
    for (int word = 6; word < count; ++word) {
        const auto entry = std::stoll(words[word]);
        if (entry < 0 || entry >= labels) throw std::runtime_error("An ENTRY is from 0 to K - 1.");
        for (int64_t image = 0; image < batch; ++image) c[size_t(image * labels + entry)] = 1;
    }
    const bool onnx = file.size() > 5 && file.compare(file.size() - 5, 5, ".onnx") == 0;
    write(onnx ? with_onnxruntime(file, batch, z, c) : with_libtorch(file, batch, z, c), batch);
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
