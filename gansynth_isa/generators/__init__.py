"""Kinds of generators behind one interface: clips in, labelled synthetic clips out."""
