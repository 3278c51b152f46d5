"""Names and values of TensorBoard's curves against a hand computation."""

from gansynth_isa.generators.gansynth.config import TrainingConfig
from gansynth_isa.generators.gansynth.training.board_scalars import board_scalars


def test_class_losses_are_shown_with_and_without_their_weights():
    row = {"stage": 2, "image": 8, "fake_class_loss": 0.5, "real_class_loss": 0.25, "generator_loss": 3.0}
    training = TrainingConfig(
        generator_ac_loss_weight=10.0, discriminator_ac_loss_weight=4.0,
        generator_learning_rate=0.001, discriminator_learning_rate=0.002,
    )  # fmt: skip
    assert board_scalars(row, training) == {
        "losses/total_gen_loss": 3.0, "losses/fake_ac_loss": 0.5, "losses/real_ac_loss": 0.25,
        "losses/wx_fake_ac_loss": 5.0, "losses/wx_real_ac_loss": 1.0,
        "learning_rates/generator": 0.001, "learning_rates/discriminator": 0.002,
    }  # fmt: skip
