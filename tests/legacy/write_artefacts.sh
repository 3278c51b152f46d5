#!/usr/bin/env bash
# Writes the artefacts that the tests beside it read. It was run with the commit that artefacts/README.md names. A later
# commit writes folders of its own kind, so running it again with one defeats the tests.
# Usage: PYTHON=python tests/legacy/write_artefacts.sh FOLDER; FOLDER holds artefacts.flags, recordings.csv and flags/.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python="${PYTHON:-python}"
export PYTHONPATH="$(cd "$here/../.." && pwd)" TF_NUM_INTRAOP_THREADS=2 TF_NUM_INTEROP_THREADS=2 OMP_NUM_THREADS=2
cd "$1"
subset=(--data_dir=recordings --clips_per_class=6)

run() { "$python" -m "gansynth_isa.cli.$1" --flagfile=artefacts.flags "${@:2}"; }

# train_until FILE TEXT: trains interrupted_run until FILE holds TEXT, then kills the process.
train_until() {
  "$python" -m gansynth_isa.cli.train --flagfile=artefacts.flags "${subset[@]}" --train_root_dir=interrupted_run &
  until grep -qs "$2" "$1"; do sleep 0.01; done
  kill -KILL $!
  wait $! || true
}

"$python" "$here/write_recordings.py" recordings

# A GAN trained to its end. Nothing but the last checkpoint of the last stage is read again.
run train "${subset[@]}" --train_root_dir=finished_run
rm -r finished_run/{.lock,log.txt,events.out.tfevents.*,samples,stage_00000,stage_00001}
rm finished_run/stage_00002/checkpoint-000000000080.npz

# The same, killed twice: once stage 0 is saved, and in stage 1 when image 64 is reported and image 48 saved. The
# TensorBoard file of the first process holds an absolute path and goes; that of the second shows images 40 to 64.
train_until interrupted_run/stage_00000/checkpoint-000000000032.npz ""
rm interrupted_run/events.out.tfevents.*
train_until interrupted_run/metrics.jsonl '"image": 64'
rm -r interrupted_run/{.lock,stage_00000,samples/stage_00000_*}

run generate --train_root_dir=finished_run --output_dir=synthetic --seed=3
run classify "${subset[@]}" --method=gan_augmented --synthetic_dir=synthetic --real_share=0 --output_dir=classifier
run export --classifier_dir=classifier --export_dir=saved_model
run export --train_root_dir=finished_run --export_dir=generator --format=keras
# Few steps, so that methods and trials differ.
run experiment --data_dir=recordings --levels=6 --trials=2 --classifier_steps=3 --classifier_learning_rate=0.003 \
  --output_dir=experiment
rm {classifier,experiment}/{.lock,log.txt}

# What the old commit made of these folders.
test_side=(recordings/{hum,rattle}_3_{0,1}.wav)
mkdir expected
run predict --model=classifier --json "${test_side[@]}" >expected/predictions.json
run evaluate "${subset[@]}" --synthetic_dir=synthetic --output_dir=expected
run report --experiment_dir=experiment --output_dir=expected/report
"$python" "$here/write_expected.py"

# Of the experiment's GAN the reports and one picture are read again, for its own report.
gan=experiment/gans/*
rm -r $gan/{.lock,events.out.tfevents.*,stage_*}
ls -d $gan/samples/*.png | head -n -1 | xargs rm
rm -r expected/report/{accuracy.png,report.html,report.md} expected/report/report_files/*.{svg,png}
