"""Adam whose update of a variable is one TensorFlow kernel."""

from collections.abc import Sequence

import keras
import tensorflow as tf


class FusedAdam(keras.optimizers.Adam):
    """`keras.optimizers.Adam` with TensorFlow's fused update, the kernel that the original runs.

    The formula is the same; one kernel replaces about ten per variable, which counts for networks of many
    small variables, and rounds as the original does.
    """

    def apply(self, grads: Sequence[tf.Tensor], trainable_variables: Sequence[keras.Variable]) -> None:
        """Updates the variables, those the optimizer was built with, by gradients that are used as they are.

        Within a replica of `tf.distribute` this acts on the replica's own copies: all replicas bring the same
        gradients.
        """
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, self.learning_rate)
        tf.raw_ops.AssignAddVariableOp(
            resource=self.iterations.value.handle, value=tf.ones((), self.iterations.value.dtype)
        )

    def update_step(
        self, gradient: tf.Tensor, variable: keras.Variable, learning_rate: keras.Variable | tf.Tensor | float
    ) -> None:
        step = tf.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.pow(tf.cast(self.beta_1, variable.dtype), step),
            beta2_power=tf.pow(tf.cast(self.beta_2, variable.dtype), step),
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=tf.cast(self.beta_1, variable.dtype),
            beta2=tf.cast(self.beta_2, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=gradient,
        )
