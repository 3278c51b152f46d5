"""The forms that a model is exported in; known to the command line, which must not load TensorFlow."""

EXPORT_FORMATS = ("saved_model", "keras", "litert")
