"""Which method a classifier is trained by: a default, which the training clips may overrule."""
