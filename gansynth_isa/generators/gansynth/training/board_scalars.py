"""A report's values as TensorBoard shows them, under the names that the original's users know where it has them."""

from gansynth_isa.generators.gansynth.config import TrainingConfig

TAGS = {
    "generator_loss": "losses/total_gen_loss",
    "discriminator_loss": "losses/total_dis_loss",
    "generator_wasserstein": "losses/generator_wass_loss",
    "discriminator_wasserstein": "losses/discriminator_wass_loss",
    "gradient_penalty": "losses/gradient_penalty_loss",
    "real_score_penalty": "losses/real_score_penalty",
    "lecam": "losses/lecam",
    "fake_class_loss": "losses/fake_ac_loss",
    "real_class_loss": "losses/real_ac_loss",
    "real_score": "scores/real",
    "fake_score": "scores/fake",
    "real_class_accuracy": "class_accuracy/real",
    "fake_class_accuracy": "class_accuracy/fake",
    "generator_gradient_norm": "gradient_norms/generator",
    "discriminator_gradient_norm": "gradient_norms/discriminator",
    "progress": "progress",
    "images_per_s": "images_per_s",
}


def board_scalars(row: dict[str, float], training: TrainingConfig) -> dict[str, float]:
    """Tag -> value of a line of metrics.jsonl; values without a name in TAGS are not shown."""
    scalars = {TAGS[name]: value for name, value in row.items() if name in TAGS}
    share = training.class_share(int(row["image"]))
    scalars["losses/wx_fake_ac_loss"] = share * training.generator_ac_loss_weight * row["fake_class_loss"]
    scalars["losses/wx_real_ac_loss"] = share * training.discriminator_ac_loss_weight * row["real_class_loss"]
    scalars["learning_rates/generator"] = training.generator_learning_rate
    scalars["learning_rates/discriminator"] = training.discriminator_learning_rate
    return scalars
