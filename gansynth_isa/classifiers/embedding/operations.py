"""Which TensorFlow operations a model may hold: those that calculate, and the memory of the model itself.

TensorFlow says of each operation whether it has state or effects beside its result. Those without are taken, but for a
few that read files or reach out of the model all the same. Of those with state, variables, tables, random numbers,
arrays and control flow are taken. All others are refused, also those that a later TensorFlow adds with state.
"""

import re
from typing import Any

VARIABLES = frozenset(
    {
        *("VarHandleOp", "ReadVariableOp", "AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp"),
        *("VarIsInitializedOp", "VariableShape", "DisableCopyOnRead", "ResourceGather", "ResourceGatherNd"),
        *("ResourceStridedSliceAssign", "DestroyResourceOp", "Variable", "VariableV2"),
    }
)
TABLES = frozenset(
    {
        *("HashTable", "HashTableV2", "AnonymousHashTable", "InitializeTableV2"),
        *("LookupTableFindV2", "LookupTableSizeV2", "LookupTableImportV2", "LookupTableExportV2"),
    }
)
RANDOM_NUMBERS = frozenset(
    {
        *("RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal"),
        *("ParameterizedTruncatedNormal", "RandomGamma", "RandomPoissonV2", "RandomShuffle", "Multinomial"),
        *("NonDeterministicInts", "StatelessRandomGetAlg", "RngSkip", "RngReadAndSkip", "StatefulStandardNormalV2"),
        *("StatefulTruncatedNormal", "StatefulUniform", "StatefulUniformFullInt", "StatefulUniformInt"),
    }
)
CONTROL_FLOW = frozenset(
    {
        *("StatefulPartitionedCall", "If", "While", "Case", "Assert", "CheckNumerics", "CheckNumericsV2"),
        *("GuaranteeConst", "DeviceIndex", "Empty", "DeepCopy"),
    }
)
STACKS = frozenset({"StackV2", "StackPushV2", "StackPopV2", "StackCloseV2"})
_OF_ARRAYS = ("", "Read", "Write", "Gather", "Scatter", "Concat", "Split", "Size", "Close", "Grad")
ARRAYS = frozenset(f"TensorArray{what}V3" for what in _OF_ARRAYS) | STACKS
RECURRENT_LAYERS = frozenset(f"CudnnRNN{which}" for which in ("", "V2", "V3", "Backprop", "BackpropV2", "BackpropV3"))
WITH_STATE = VARIABLES | TABLES | RANDOM_NUMBERS | CONTROL_FLOW | ARRAYS | RECURRENT_LAYERS
UPDATES_OF_VARIABLES = ("ResourceApply", "ResourceSparseApply", "ResourceScatter")  # beginnings, of optimizers

# What has no state by its declaration, but reads files (also of messages' forms, constants and vocabularies), ends the
# process, writes for a debugger, hands over to Python, a compiler or another library, or is none of TensorFlow's own.
WITHOUT_STATE_BUT_REFUSED = re.compile(
    "PyFunc|Dataset|File|^Reader|^Xla|^TPU|^Debug|^Copy$|^CopyHost$|^_|>"
    "|^(ImmutableConst|GenerateVocabRemapping|DecodeProtoV2|EncodeProto|Abort|TRTEngineOp|TfLiteSubgraphExecute"
    "|MlirPassthroughOp)$"
)

# They belong to the part of a SavedModel that stores and restores its variables, see `saved_model_graph`.
SAVING = frozenset({"SaveV2", "Save", "SaveSlices", "MergeV2Checkpoints", "ShardedFilename", "ShardedFilespec"})
RESTORING = frozenset({"RestoreV2", "Restore", "RestoreSlice"})


def is_operation(name: str) -> bool:
    """Whether TensorFlow has an operation of that name."""
    return _declared(name) is not None


def is_calculation(operation: str) -> bool:
    """Whether a model may hold an operation of that name."""
    declared = _declared(operation)
    if declared is None or WITHOUT_STATE_BUT_REFUSED.search(operation):
        return False
    return not declared.is_stateful or operation in WITH_STATE or operation.startswith(UPDATES_OF_VARIABLES)


def _declared(name: str) -> Any:
    """What TensorFlow declares of an operation, an OpDef; None where it has none of that name."""
    from tensorflow.python.framework import op_def_registry

    return op_def_registry.get(name)
