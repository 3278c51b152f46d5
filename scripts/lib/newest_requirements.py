"""Prints what setup.cfg requires, one requirement a line, with TensorFlow and what is tied to it at any version.

tensorflow-io is left out: its last release loads with TensorFlow 2.16 only.
"""

import configparser
import re
import sys

LEFT_OUT = {"tensorflow-io"}
# NumPy and SciPy go with the newest TensorFlow, whose wheels are built for a later NumPy.
AT_ANY_VERSION = {"keras", "numpy", "scipy", "tensorboard", "tensorflow"}


def newest_requirements(setup_cfg: str, extra: str) -> list[str]:
    """Requirements of the project and one of its extras, from the text of setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read_string(setup_cfg)
    lines = parser["options"]["install_requires"] + "\n" + parser["options.extras_require"][extra]
    requirements = []
    for line in lines.splitlines():
        if not line.strip():
            continue
        name = re.match(r"\s*([A-Za-z0-9._-]+)", line).group(1).lower()
        if name not in LEFT_OUT:
            requirements.append(name if name in AT_ANY_VERSION else line.strip())
    return requirements


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print("\n".join(newest_requirements(file.read(), "test")))
