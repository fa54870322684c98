"""Where the files of a price list come from: the spec itself, ConfigMaps, or an artifact that Flux keeps."""
