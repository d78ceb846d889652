"""From a data set's images to training batches: decoding, the cached image store, gathering."""
