"""What every training that takes minutes needs, whatever it trains.

A kind of generator or classifier gives a `description.Description`, something `trainer.Trainable`, its
`training_loop.Listener`s for reports and pictures, and a plan of one stage or several, each with `index`, `name` and
`end_image`. The rest is here:

    folder = RunFolder(train_root_dir)
    folder.check(description)
    if is_finished(folder, stages[-1]):
        return
    with locked(folder.path), StopSignals() as signals:
        folder.open(description)
        first, arrays = resume(folder, stages, console.line)  # before the board is made: it cuts the old events
        board = Board(folder.path)
        for stage in stages[first:]:
            ...  # make what is trained; give it `arrays`, where there are any
            boundaries = Boundaries(stage.first_image, stage.end_image, batch_size, report_every, save_every)
            trainer = Trainer(trained, boundaries, replicas)
            saver = CheckpointSaver(stage.name, [folder.stage_dir(stage.name)], trained.arrays, boundaries.is_regular)
            TrainingLoop(trainer, saver, SharedStop(signals, replicas), listeners).run(image)
            arrays = saver.arrays

A listener writes a report with `RunFolder.append_metrics` (a row with `stage` and `image`), `Board.scalars` and the
console, takes the rate from `trainer.pace`, and says `Pace.reported` when it is done. A run that is killed ends with
the same bits if the arrays hold all that changes, and if batches and random numbers follow from a seed and the image.
"""
