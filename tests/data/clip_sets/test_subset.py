"""Sides and subsets of a made-up set of clips."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset, side_table, split_sides
from gansynth_isa.errors import InputError

CLASSES = ("ball", "nut", "screw")


def make_clips(clips_per_recording=3, splits=None, order=None) -> ClipSet:
    """Recordings <class>_<group> of groups 1 to 4; a clip's log-mel holds its number."""
    names = [(label, group) for label in range(3) for group in "1234" for _ in range(clips_per_recording)]
    recordings = tuple(f"{CLASSES[label]}_{group}.wav" for label, group in names)
    clips = ClipSet(
        spectrograms=np.arange(len(names), dtype=np.float32).reshape(-1, 1, 1, 1),
        labels=np.array([label for label, _ in names], np.int32),
        class_names=CLASSES,
        recordings=recordings,
        groups=tuple(group for _, group in names),
        splits=tuple(splits[group] if splits else None for _, group in names),
        digests={path: f"digest of {path}" for path in recordings},
    )
    return clips if order is None else clips.select(order)


def test_split_sides_by_group_puts_whole_recordings_on_one_side():
    train, test = split_sides(make_clips(), ("2", "4"))
    assert set(train.groups) == {"1", "3"} and set(test.groups) == {"2", "4"}
    assert len(train) == len(test) == 18
    assert not set(train.digests) & set(test.digests)


def test_split_sides_follows_the_pattern_where_it_gave_sides():
    train, test = split_sides(make_clips(splits={"1": "train", "2": "train", "3": "test", "4": "train"}), ())
    assert (set(train.groups), set(test.groups)) == ({"1", "2", "4"}, {"3"})


def test_split_sides_without_either_trains_on_everything():
    train, test = split_sides(make_clips(), ())
    assert (len(train), len(test)) == (36, 0)
    assert test.spectrograms.shape == (0, 1, 1, 1)


def test_split_sides_with_unknown_group_offers_the_known_ones():
    with pytest.raises(InputError, match="test_groups: expected some of 1, 2, 3, 4, got '5'"):
        split_sides(make_clips(), ("1", "5"))


def test_split_sides_with_groups_beside_a_split_is_refused():
    with pytest.raises(InputError, match="test_groups: expected none"):
        split_sides(make_clips(splits=dict.fromkeys("1234", "train")), ("1",))


def test_split_sides_with_a_group_on_both_sides_are_refused_by_its_name():
    clips = make_clips(splits={"1": "train", "2": "train", "3": "test", "4": "train"})
    shared = dataclasses.replace(clips, groups=tuple("A" if group in "23" else group for group in clips.groups))
    with pytest.raises(InputError, match="expected every group on one side of the split, got 'A' on both"):
        split_sides(shared, ())


def test_split_sides_that_leave_a_class_untrained_are_refused_by_its_name():
    clips = make_clips()
    only = [index for index, path in enumerate(clips.recordings) if path not in ("nut_1.wav", "nut_2.wav", "nut_3.wav")]
    with pytest.raises(InputError, match="class 'nut' has none left"):
        split_sides(clips.select(only), ("4",))


def test_choose_subset_is_balanced():
    assert choose_subset(make_clips(), 5, subset_seed=0).counts() == {"ball": 5, "nut": 5, "screw": 5}


def test_choose_subset_of_smaller_level_lies_inside_the_larger():
    levels = [set(choose_subset(make_clips(), level, subset_seed=3).clip_ids) for level in (1, 2, 4, 9, 12)]
    assert all(small < large for small, large in zip(levels, levels[1:], strict=False))


def test_choose_subset_does_not_depend_on_the_order_of_reading():
    order = np.random.default_rng(0).permutation(36)
    shuffled = make_clips()
    shuffled = shuffled.select(order)
    assert set(choose_subset(shuffled, 4, 7).clip_ids) == set(choose_subset(make_clips(), 4, 7).clip_ids)


def test_choose_subset_of_other_seeds_differs_and_uses_every_clip_about_equally():
    counts = np.zeros(36)
    for seed in range(300):
        counts[choose_subset(make_clips(), 4, seed).spectrograms.reshape(-1).astype(int)] += 1
    # Each clip is chosen with probability 1/3: 100 times of 300, standard deviation 8.2.
    assert counts.min() > 65 and counts.max() < 135


def test_choose_subset_of_a_class_with_too_few_clips_names_it_and_its_count():
    clips = make_clips()
    fewer = [index for index in range(36) if clips.class_names[clips.labels[index]] != "nut" or index % 2]
    with pytest.raises(InputError, match="at least 8 training clips per class, but class 'nut' has 6"):
        choose_subset(clips.select(fewer), 8, 0)


def test_choose_subset_without_level_keeps_all():
    assert len(choose_subset(make_clips(), None, 0)) == 36


def test_side_table_counts_classes_clips_and_recordings():
    train, test = split_sides(make_clips(), ("1",))
    rows = [line.split() for line in side_table(train, test).splitlines()]
    assert rows == [
        ["class", "train", "test"],
        ["ball", "9", "3"],
        ["nut", "9", "3"],
        ["screw", "9", "3"],
        ["all", "clips", "27", "9"],
        ["recordings", "9", "3"],
    ]


def make_minutes() -> ClipSet:
    """Two classes of four recordings with 23 clips each, in order of time; a clip's log-mel holds its place."""
    names = [(label, take, place) for label in range(2) for take in "abcd" for place in range(23)]
    recordings = tuple(f"{CLASSES[label]}_{take}.wav" for label, take, _ in names)
    return ClipSet(
        spectrograms=np.array([place for _, _, place in names], np.float32).reshape(-1, 1, 1, 1),
        labels=np.array([label for label, _, _ in names], np.int32),
        class_names=CLASSES[:2],
        recordings=recordings,
        groups=recordings,
        splits=("train",) * len(names),
        digests=dict.fromkeys(recordings, "digest"),
    )


def places_of(clips: ClipSet) -> dict[str, list[int]]:
    """Per recording, the places of its clips."""
    found = {}
    for path, place in zip(clips.recordings, clips.spectrograms.reshape(-1).astype(int), strict=True):
        found.setdefault(path, []).append(int(place))
    return found


@pytest.mark.parametrize(("level", "num_files"), [(10, 1), (20, 2), (30, 3)])
def test_choose_subset_by_files_takes_10_evenly_spread_clips_of_each(level, num_files):
    places = places_of(choose_subset(make_minutes(), level, 5, clips_per_file=10))
    assert [sum(path.startswith(name) for path in places) for name in CLASSES[:2]] == [num_files, num_files]
    for chosen in places.values():
        assert len(chosen) == 10
        assert set(np.diff(chosen)) == {2, 3}  # 23 / 10 = 2.3


def test_choose_subset_by_files_of_smaller_level_lies_inside_the_larger():
    levels = (1, 4, 9, 10, 15, 20, 30, 40, 41, 92)
    subsets = [set(choose_subset(make_minutes(), level, 2, 10).clip_ids) for level in levels]
    assert [len(subset) for subset in subsets] == [2 * level for level in levels]
    assert all(small < large for small, large in zip(subsets, subsets[1:], strict=False))


def test_choose_subset_by_files_of_other_seeds_takes_other_files_and_places():
    subsets = [places_of(choose_subset(make_minutes(), 10, seed, 10)) for seed in range(40)]
    assert len({path for places in subsets for path in places}) == 8
    assert {place for places in subsets for chosen in places.values() for place in chosen} == set(range(23))


def test_choose_subset_by_files_of_a_short_recording_takes_what_it_has():
    clips = make_minutes()
    short = clips.select([index for index, path in enumerate(clips.recordings) if path.endswith("a.wav")][:4] + [92])
    assert choose_subset(short, 1, 0, 10).counts() == {"ball": 1, "nut": 1}


def drawn_case(number: int) -> tuple[dict[str, int], int | None, int, int | None]:
    """(counts of some classes, level or None, subset seed, clips per file or None), drawn at random."""
    rng = np.random.default_rng(number)
    names = [name for name in CLASSES if rng.integers(2)]
    level, clips_per_file = (int(rng.integers(1, limit)) if rng.integers(3) else None for limit in (13, 5))
    return {name: int(rng.integers(1, 13)) for name in names}, level, int(rng.integers(6)), clips_per_file


@pytest.mark.parametrize("number", range(40))
def test_choose_subset_with_counts_of_classes_has_these_and_of_the_others_the_level(number):
    counts, level, seed, clips_per_file = drawn_case(number)
    chosen = choose_subset(make_clips(), level, seed, clips_per_file, counts)
    assert chosen.counts() == {name: counts.get(name, level or 12) for name in CLASSES}


@pytest.mark.parametrize("number", range(40))
def test_choose_subset_with_counts_of_classes_takes_of_each_what_a_level_of_its_count_takes(number):
    counts, level, seed, clips_per_file = drawn_case(number)
    chosen = choose_subset(make_clips(), level, seed, clips_per_file, counts)
    for label, name in enumerate(CLASSES):
        alone = choose_subset(make_clips(), counts.get(name, level), seed, clips_per_file)
        own, expected = (clips.select(np.flatnonzero(clips.labels == label)) for clips in (chosen, alone))
        assert own.clip_ids == expected.clip_ids


@pytest.mark.parametrize("number", range(40))
def test_choose_subset_with_smaller_counts_lies_inside_that_with_larger_ones(number):
    counts, level, seed, clips_per_file = drawn_case(number)
    fewer, lower, *_ = drawn_case(number + 1000)
    within = {name: min(counts.get(name, level or 12), fewer.get(name, lower or 12)) for name in CLASSES}
    large = choose_subset(make_clips(), level, seed, clips_per_file, counts)
    small = choose_subset(make_clips(), lower, seed, clips_per_file, within)
    assert set(small.clip_ids) <= set(large.clip_ids)


def test_choose_subset_keeps_the_clips_that_it_chose_before_there_were_counts_of_classes():
    """The numbers of the clips are those that commit 0326d0d chose."""
    chosen = choose_subset(make_clips(), 2, 3).spectrograms.reshape(-1).astype(int)
    assert chosen.tolist() == [2, 10, 15, 19, 24, 34]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"skrew": 2}, "clips_of_class: expected some of ball, nut, screw, got 'skrew'; did you mean 'screw'"),
        ({"nut": 13}, "clips_of_class: expected at most 12 for class 'nut', .*, got 13"),
    ],
)
def test_choose_subset_with_a_count_that_cannot_be_is_refused(counts, message):
    with pytest.raises(InputError, match=message):
        choose_subset(make_clips(), 4, 0, None, counts)
