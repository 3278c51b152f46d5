"""Prints what setup.cfg requires of the newest Python, with TensorFlow and what is tied to it at any version.

One requirement a line, without its marker, so that an older Python takes it too. What setup.cfg requires of an older
Python alone is left out: tensorflow-io, whose last release loads with TensorFlow 2.16 only, is among it.
"""

import configparser
import re
import sys

OF_OLDER_PYTHON = re.compile(r"\s*python_version\s*<")
# NumPy and SciPy go with the newest TensorFlow, whose wheels are built for a later NumPy.
AT_ANY_VERSION = {"keras", "numpy", "scipy", "tensorboard", "tensorflow"}


def newest_requirements(setup_cfg: str, extra: str) -> list[str]:
    """Requirements of the project and one of its extras, from the text of setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read_string(setup_cfg)
    lines = parser["options"]["install_requires"] + "\n" + parser["options.extras_require"][extra]
    requirements = []
    for line in lines.splitlines():
        requirement, _, marker = line.partition(";")
        if not requirement.strip() or OF_OLDER_PYTHON.match(marker):
            continue
        name = re.match(r"\s*([A-Za-z0-9._-]+)", requirement).group(1).lower()
        requirements.append(name if name in AT_ANY_VERSION else requirement.strip())
    return requirements


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print("\n".join(newest_requirements(file.read(), "test")))
