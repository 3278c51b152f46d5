"""What every long training needs: checkpoints, a lock, stop signals, TensorBoard, devices."""
