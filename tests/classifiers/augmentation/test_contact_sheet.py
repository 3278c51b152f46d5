import numpy as np
import pytest

from gansynth_isa.classifiers.augmentation.contact_sheet import sheet_tiles, write_contact_sheet
from gansynth_isa.classifiers.augmentation.image_pool import IMAGE_POOL
from gansynth_isa.classifiers.augmentation.operations import SPECTROGRAM_OPERATIONS
from gansynth_isa.errors import InputError

CLIP, PARTNER = np.random.default_rng(0).normal(size=(2, 24, 48, 2)).astype(np.float32)


def test_sheet_has_three_different_images_of_every_operation_and_of_mixup():
    tiles = sheet_tiles(CLIP, PARTNER, 0)
    for policy, operations in {"spectrogram": SPECTROGRAM_OPERATIONS, "mixup_image_pool": IMAGE_POOL}.items():
        names = [operation.__name__.replace("_", " ") for operation in operations]
        assert [name for name, _ in tiles[policy]] == names + ["mixup"] * (policy == "mixup_image_pool")
        for name, images in tiles[policy]:
            assert [image.shape for image in images] == [(24, 48)] * 3
            assert len({image.tobytes() for image in (CLIP[..., 0], *images)}) == 4, name
    np.testing.assert_allclose(tiles["mixup_image_pool"][-1][1][-1], (CLIP + PARTNER)[..., 0] / 2, atol=1e-6)


def test_sheet_that_cannot_be_written_is_an_input_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="picture: cannot write"):
        write_contact_sheet(CLIP, PARTNER, 0, tmp_path / "file" / "sheet.png")
