"""The paper's settings per data set: Table 2 on the original's `mel_prog_hires`.

These values are the source; `flags/mb.flags` and `flags/pucks.flags` say the same (a test compares them).
"""

from gansynth_isa.generators.gansynth.resolution import ORIGINAL_HALF_LIFE_STEPS

PAPER_BATCH_SIZE = 8

_COMMON = {
    "sample_rate": 44100,
    "fft_length": 2048,
    "hop_length": 512,
    "mel_bins": 1024,
    "latent_vector_size": 256,
    "kernel_size": 3,
    "scale_mode": "ALL",
    "fmap_base": 4096,
    "fmap_decay": 1.0,
    "fmap_max": 256,
    "batch_size_schedule": (PAPER_BATCH_SIZE,),
    "generator_learning_rate": 8e-4,
    "discriminator_learning_rate": 8e-4,
    "generator_ac_loss_weight": 10.0,
    "discriminator_ac_loss_weight": 10.0,
    # The original's decay of 0.999 a step, as a half-life.
    "moving_average_half_life_images": round(ORIGINAL_HALF_LIFE_STEPS * PAPER_BATCH_SIZE, 3),
    "trials": 5,
    "classifier_batch_size": 256,
    "classifier_learning_rate": 1e-3,
    # Plain Adam, and the union of real and synthetic clips.
    "classifier_schedule": "constant",
    "classifier_weight_decay": 0.0,
    "real_share": "union",
}

PRESETS = {
    "mb": {
        **_COMMON,
        "dataset": "mb",
        "clip_seconds": 0.4,
        "clip_overlap": 0.0,
        "start_height": 2,
        "start_width": 64,
        "num_resolutions": 5,
        "stable_stage_num_images": 8_000,
        "transition_stage_num_images": 8_000,
        "samples_per_class": 3_000,
        "gan_repeats": 3,
        "classifier": "cnn420",
        "classifier_epochs": 70,
        "augmentation": "spectrogram",
    },
    "pucks": {
        **_COMMON,
        "dataset": "pucks",
        "clip_seconds": 5.0,
        "clip_overlap": 0.5,
        "clips_per_file": 10,
        "start_height": 2,
        "start_width": 4,
        "num_resolutions": 9,
        "stable_stage_num_images": 80_000,
        "transition_stage_num_images": 80_000,
        "samples_per_class": 1_000,
        "gan_repeats": 1,
        "classifier": "three_layer",
        "classifier_epochs": 1_500,
        "augmentation": "mixup_image_pool",
        # As in the paper: these recordings last minutes.
        "decide_per": "recording",
    },
}
