"""Manifests that are right; the battery has the wrong ones."""

import pytest

from gansynth_isa.data.recordings.manifest import read_manifest


@pytest.mark.parametrize(
    "text",
    [
        "path,label,split,group\nx/1.wav,nut,test,g\n",
        "\ufeffpath,label,split,group\r\nx/1.wav,nut,TEST,g\r\n",
        "group, Label ,comment,SPLIT,path\ng, nut ,,Test,./x//1.wav\n\n",
        'path,label,split,group\n"x/1.wav","nut","test","g"\n',
        "\ufeffpath;label;split;group\r\nx/1.wav;nut;test;g\r\n",
        'path;"label";"remarks, if any";split;group\nx/1.wav;nut;"a;b";test;g\n',
        "path\tlabel\tsplit\tgroup\nx/1.wav\tnut\ttest\tg\n",
    ],
)
def test_manifest_may_be_spelt_in_several_ways(tmp_path, text):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    (recording,) = read_manifest(tmp_path / "list.csv")
    assert (recording.path, recording.label, recording.split, recording.group) == ("x/1.wav", "nut", "test", "g")


def test_manifest_without_split_and_group_leaves_them_open(tmp_path):
    (tmp_path / "list.csv").write_text('path,label\n"a, b.wav",größe\n', encoding="utf-8")
    (recording,) = read_manifest(tmp_path / "list.csv")
    assert (recording.path, recording.label, recording.split, recording.group) == (
        "a, b.wav",
        "größe",
        None,
        "a, b.wav",
    )
