// Tests only: a graph built from a sequence of bytes, each a choice. Any
// sequence makes a graph, so RapidCheck and libFuzzer need no generator of
// their own, and shorter sequences make smaller graphs.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "reference/value/graph.h"
#include "reference/value/integer.h"

namespace assay {

class GraphFromChoices {
 public:
  GraphFromChoices(Graph& graph, std::span<const std::uint8_t> choices)
      : graph_(graph), choices_(choices) {
    made_ = {Graph::none, graph.list(), graph.dict(), graph.set()};
  }

  // Makes nodes, and changes mutable ones, until the choices are used up. Gives
  // the list of all of them, in which everything made is reachable.
  NodeId build() {
    while (!choices_.empty()) step();
    return graph_.list(made_);
  }
  // The node made last, from which less is reachable, and less in order.
  NodeId last() const { return made_.back(); }

 private:
  std::uint8_t choose() {
    if (choices_.empty()) return 0;
    const std::uint8_t choice = choices_.front();
    choices_ = choices_.subspan(1);
    return choice;
  }
  std::uint64_t choose_bits(int bytes) {
    std::uint64_t bits = 0;
    for (int i = 0; i < bytes; ++i) bits = (bits << 8) | choose();
    return bits;
  }
  // A node made before: recent ones are likelier.
  NodeId any() { return made_[made_.size() - 1 - choose() % made_.size()]; }
  std::vector<NodeId> some(std::size_t most) {
    std::vector<NodeId> ids(choose() % (most + 1));
    for (NodeId& id : ids) id = any();
    return ids;
  }
  // Code points from every range that prints differently.
  NodeId string() {
    static constexpr const char* pieces[] = {"a",
                                             "'",
                                             "\\",
                                             "\n",
                                             "\x01",
                                             "\x7f",
                                             "\xc3\xa9",
                                             "\xe2\x82\xac",
                                             "\xed\xa0\x80",
                                             "\xed\xbf\xbf",
                                             "\xf0\x9f\x98\x80",
                                             "_1",
                                             "\"",
                                             "abcdefghijklmnopq"};
    std::string text;
    for (int count = choose() % 5; count > 0; --count) text += pieces[choose() % std::size(pieces)];
    return graph_.string(graph_.keep(as_bytes(text)));
  }
  NodeId bytes() {
    std::string content;
    for (int count = choose() % 5; count > 0; --count)
      content.push_back(static_cast<char>(choose()));
    if (choose() % 8 == 0) content.append(33, 'x');
    return graph_.bytes(graph_.keep(as_bytes(content)));
  }
  NodeId integer() {
    const std::uint64_t limbs[] = {choose_bits(8), choose_bits(2), 0, 0, 0, choose() % 2u};
    return graph_.integer_from_limbs(limbs, choose() % 2 != 0, choose() % 2 != 0);
  }
  double real() { return std::bit_cast<double>(choose_bits(8)); }
  NodeId small_range() {
    const NodeId ids[] = {graph_.integer(choose()), graph_.integer(choose()), graph_.integer(1)};
    return graph_.container(Kind::range, ids);
  }
  NodeId kwargs() {
    const NodeId dict = graph_.dict();
    for (int count = choose() % 20; count > 0; --count)
      graph_.add_pair_unchecked(dict, choose() % 4 != 0 ? graph_.string("key") : any(), any());
    return dict;
  }
  NodeId instance() {
    const NodeId callee = any();
    const NodeId args = graph_.tuple(some(20));
    const NodeId keywords = choose() % 3 == 0 ? kwargs() : no_node;
    return choose() % 2 == 0 ? graph_.call(callee, args, keywords)
                             : graph_.new_(callee, args, keywords);
  }

  void change() {
    const NodeId id = any();
    switch (graph_.kind(id)) {
      case Kind::list:
        graph_.append(id, any());
        break;
      case Kind::dict:
        graph_.add_pair_unchecked(id, any(), any());
        break;
      case Kind::set:
        graph_.add_item_unchecked(id, any());
        break;
      case Kind::tuple:  // cycles through immutable nodes
      case Kind::slice:
        if (graph_[id].size != 0) graph_.set_edge(id, choose() % graph_[id].size, any());
        break;
      case Kind::call:
      case Kind::new_: {
        const auto op = static_cast<Op>(choose() % 4);
        const NodeId operand = any();
        graph_.record(id, op, operand, op == Op::set ? any() : no_node);
        break;
      }
      default:
        break;
    }
  }

  void step() {
    const std::uint8_t choice = choose();
    if (choice >= 128) return change();
    made_.push_back(make(choice % 26));
  }

  NodeId make(int what) {
    switch (what) {
      case 0:
        return choose() % 6;  // the singletons
      case 1:
        return integer();
      case 2:
        return graph_.floating(real());
      case 3:
        return graph_.complex(real(), real());
      case 4:
      case 5:
        return string();
      case 6:
        return bytes();
      case 7:
        return graph_.bytearray(graph_.data(bytes()));
      case 8:
        return graph_.list(some(4));
      case 9:
      case 10:
      case 11:
        return graph_.tuple(some(4));
      case 12:
        return graph_.dict();
      case 13:
        return graph_.container(Kind::set, some(4));
      case 14:
        return graph_.container(Kind::frozenset, some(4));
      case 15:
        return small_range();
      case 16:
        return graph_.slice(any(), any(), any());
      case 17:
        return graph_.global(string(), string());
      case 18:
        return graph_.persid(any());
      case 19:
        return graph_.buffer(choose() % 3);
      case 20:
        return graph_.readonly(any());
      case 21:
        return graph_.ext(choose());
      case 22:
        return graph_.list();
      case 23: {
        std::vector<NodeId> pairs = some(4);
        pairs.resize(pairs.size() / 2 * 2);
        return graph_.container(Kind::frozendict, pairs);
      }
      case 24: {
        const NodeId fields[] = {graph_.string("name"), any(), graph_.string("consts"), any()};
        return graph_.container(Kind::code, std::span(fields).first(choose() % 3 * 2));
      }
      default:
        return instance();
    }
  }

  Graph& graph_;
  std::span<const std::uint8_t> choices_;
  std::vector<NodeId> made_;
};

}  // namespace assay
