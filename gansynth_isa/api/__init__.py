"""What programs and notebooks use; `gansynth_isa` itself hands out the names, see docs/from_python.md."""
