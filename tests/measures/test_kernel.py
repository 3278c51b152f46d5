"""The kernel distance by the definition's double sum, and without bias."""

import numpy as np
import pytest

from gansynth_isa.measures.kernel import kernel_distance


def by_sums(x, y):
    def k(a, b):
        return (a @ b / len(a) + 1) ** 3

    n, m = len(x), len(y)
    xx = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return xx + yy - 2 * np.mean([k(a, b) for a in x for b in y])


def draw(count, seed, shift=0.0):
    return np.random.default_rng(seed).normal(shift, 1, (count, 5))


def test_kernel_distance_is_the_double_sum():
    x, y = draw(7, 0), draw(4, 1, 0.5)
    assert kernel_distance(x, y).value == pytest.approx(by_sums(x, y))


def test_kernel_distance_of_few_vectors_is_not_biased():
    alike = [kernel_distance(draw(4, seed), draw(5, seed + 5000)).value for seed in range(3000)]
    assert abs(np.mean(alike)) < 4 * np.std(alike) / np.sqrt(len(alike))
    # By the first three moments of products of normal values: 1.6 within the first set, 11.84 within the second, whose
    # mean is 1, and 2.2 between them.
    expected = 1.6 + 11.84 - 2 * 2.2
    few = [kernel_distance(draw(4, seed), draw(5, seed + 5000, 1.0)).value for seed in range(3000)]
    assert np.mean(few) == pytest.approx(expected, abs=4 * np.std(few) / np.sqrt(len(few)))


def test_spread_is_about_the_deviation_over_draws():
    found = [kernel_distance(draw(200, seed), draw(150, seed + 5000, 0.5)) for seed in range(60)]
    deviation = np.std([distance.value for distance in found])
    assert np.mean([distance.spread for distance in found]) == pytest.approx(deviation, rel=0.25)


def test_spread_is_what_leaving_out_one_after_the_other_tells():
    x, y = draw(6, 0), draw(5, 1, 0.5)
    without_x = [by_sums(np.delete(x, index, axis=0), y) for index in range(6)]
    without_y = [by_sums(x, np.delete(y, index, axis=0)) for index in range(5)]
    expected = np.sqrt(5 * np.var(without_x) + 4 * np.var(without_y))
    assert kernel_distance(x, y).spread == pytest.approx(expected)


def test_kernel_distance_of_many_vectors_is_that_of_one_matrix():
    x, y = draw(1100, 0), draw(700, 1, 0.5)
    kernels = [(a @ b.T / 5 + 1) ** 3 for a, b in ((x, x), (y, y), (x, y))]
    within = [(kernel.sum() - np.trace(kernel)) / (len(kernel) * (len(kernel) - 1)) for kernel in kernels[:2]]
    assert kernel_distance(x, y).value == pytest.approx(sum(within) - 2 * kernels[2].mean())


def test_kernel_distance_of_one_vector_is_not_known_and_of_two_has_no_spread():
    assert kernel_distance(draw(1, 0), draw(9, 1)) is None
    assert kernel_distance(draw(2, 0), draw(30, 1)).spread is None
    assert kernel_distance(draw(3, 0), draw(30, 1)).spread is not None
