// What a file of either format does: images from latents and conditions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct Images {
    std::vector<float> values;  // [B, C, H, W] in [-1, 1]
    int64_t channels, height, width;
};

// z is [batch, z.size() / batch]; c likewise, and empty for a generator without labels.
Images with_libtorch(const std::string& file, int64_t batch, std::vector<float>& z, std::vector<float>& c);
Images with_onnxruntime(const std::string& file, int64_t batch, std::vector<float>& z, std::vector<float>& c);
