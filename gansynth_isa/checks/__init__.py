"""What tries the whole product: reference tensors, kill battery, damaged files, benchmark, baseline."""
