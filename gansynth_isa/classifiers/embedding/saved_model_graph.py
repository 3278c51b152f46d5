"""The graph of a SavedModel: all its operations, and which of them are there to save and restore its variables.

Every SavedModel has operations that read and write files: those of its saver. They are known by who leads to them. What
a signature, an initialiser or a function of the model leads to is no saver's, whatever the file calls it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from gansynth_isa.classifiers.embedding.operations import RESTORING, SAVING, is_calculation, is_operation


def refused_operations(meta_graph: Any) -> Iterator[str]:
    """Names of operations that a model must not hold, in its graph or in any of its functions, called or not.

    Args:
      meta_graph: a MetaGraphDef of a SavedModel.
    """
    graph = _Graph(meta_graph)
    places = [(_Place(node=node.name), [node]) for node in meta_graph.graph_def.node]
    places += [(_Place(function=name), function.node_def) for name, function in graph.functions.items()]
    saving, restoring = graph.saver_parts()
    for place, nodes in places:
        for node in nodes:
            is_savers = (node.op in SAVING and place in saving) or (node.op in RESTORING and place in restoring)
            is_call = node.op in graph.functions and not is_operation(node.op)
            if not (is_savers or is_call or is_calculation(node.op)):
                yield node.op


class _Place(NamedTuple):
    """A node of the graph, or a function of its library, by name."""

    node: str = ""
    function: str = ""


class _Graph:
    def __init__(self, meta_graph: Any):
        self._meta_graph = meta_graph
        self._nodes = {node.name: node for node in meta_graph.graph_def.node}
        library = meta_graph.graph_def.library
        self.functions = {function.signature.name: function for function in library.function}
        self._gradients = {each.function_name: each.gradient_func for each in library.gradient}

    def saver_parts(self) -> tuple[set[_Place], set[_Place]]:
        """(places that saving alone leads to, places that saving or restoring alone leads to)."""
        saver = self._meta_graph.saver_def
        saved, restored = (
            self._reached(_Place(node=_node(name)) for name in (saver.filename_tensor_name, end))
            for end in (saver.save_tensor_name, saver.restore_op_name)
        )
        others = self._reached(self._others(saved | restored))
        return saved - restored - others, (saved | restored) - others

    def _others(self, savers: set[_Place]) -> Iterator[_Place]:
        """What is run, or may be, without the saver."""
        meta_graph = self._meta_graph
        yield from (place for name in self._nodes if (place := _Place(node=name)) not in savers)
        for signature in meta_graph.signature_def.values():
            for info in (*signature.inputs.values(), *signature.outputs.values()):
                yield from (_Place(node=_node(name)) for name in _tensor_names(info))
        for collection in meta_graph.collection_def.values():  # initialisers among them
            yield from (_Place(node=_node(name)) for name in collection.node_list.value)
        yield from (_Place(function=name) for name in meta_graph.object_graph_def.concrete_functions)
        # One of several implementations of an interface may be put in another's place.
        for name, function in self.functions.items():
            if "api_implements" in function.attr:
                yield _Place(function=name)

    def _reached(self, start: Iterable[_Place]) -> set[_Place]:
        return _closure(start, self._next)

    def _next(self, place: _Place) -> Iterator[_Place]:
        node_name, function_name = place
        if node_name in self._nodes:
            node = self._nodes[node_name]
            yield from (_Place(node=_node(name)) for name in node.input)
            yield from self._called(node)
        if function_name in self.functions:
            for node in self.functions[function_name].node_def:
                yield from self._called(node)
            if function_name in self._gradients:
                yield _Place(function=self._gradients[function_name])

    def _called(self, node: Any) -> Iterator[_Place]:
        yield _Place(function=node.op)
        yield from (_Place(function=name) for value in node.attr.values() for name in _function_names(value))


def _closure(start: Iterable[_Place], following: Callable[[_Place], Iterable[_Place]]) -> set[_Place]:
    found: set[_Place] = set()
    waiting = list(start)
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(following(place))
    return found


def _node(name: str) -> str:
    """The node of a tensor or of a control input: `^node`, `node`, `node:1`."""
    return name.removeprefix("^").split(":", 1)[0]


def _function_names(value: Any) -> Iterator[str]:
    """Names of the functions in an attribute, also in attributes of these."""
    functions = [*value.list.func, *([value.func] if value.HasField("func") else [])]
    for function in functions:
        yield function.name
        for inner in function.attr.values():
            yield from _function_names(inner)


def _tensor_names(info: Any) -> Iterator[str]:
    """Names of the tensors that a TensorInfo stands for."""
    yield info.name
    sparse = info.coo_sparse
    yield from (sparse.values_tensor_name, sparse.indices_tensor_name, sparse.dense_shape_tensor_name)
    for part in info.composite_tensor.components:
        yield from _tensor_names(part)
