"""Plans of kinds that are fitted at once, word for word; what they fit is tried in `test_every_kind`."""

import subprocess
import sys

import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.fitted_kind import FittedKind
from gansynth_isa.generators.registry import kinds

CHOSEN = "chosen by left-out recordings"
PLANS = {
    "gaussian": "gaussian: clips of shape (4, 64, 1), at most 64 principal components, share of the common covariance "
    f"{CHOSEN}, shrinkage {CHOSEN}, class means smoothed over frames {CHOSEN}; fitted at once",
    "transfer": "transfer: clips of shape (4, 64, 1), a training clip plus a largest share chosen by left-out "
    "recordings of the difference of two clips of any class, over mean spectra smoothed over 2 mel bins; fitted at "
    "once",
    "smote": "smote: clips of shape (4, 64, 1), up to 1 of the way from a training clip to one of its 5 nearest "
    "neighbours in the class; fitted at once",
    "copies": "copies: clips of shape (4, 64, 1), copies of training clips, augmented with probability 1; fitted at "
    "once",
}
WITHOUT_LIBRARIES = """
import sys
from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.registry import kinds
features = FeatureConfig(mel_bins=64, frames=4)
for name in sys.argv[1:]:
    kind = kinds()[name]
    kind.plan(kind.resolve(kind.config_class(), features), features)
print([name for name in ("numpy", "tensorflow", "keras") if name in sys.modules])
"""


@pytest.mark.parametrize("name", PLANS)
def test_plan_of_a_fitted_kind_says_what_its_clips_are(name):
    kind, features = kinds()[name], FeatureConfig(mel_bins=64, frames=4)
    assert isinstance(kind, FittedKind)
    assert kind.plan(kind.resolve(kind.config_class(), features), features) == [PLANS[name]]


def test_plans_load_no_library():
    done = subprocess.run([sys.executable, "-c", WITHOUT_LIBRARIES, *PLANS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
