"""Classifiers of clips: networks, training, scores, their folder."""
