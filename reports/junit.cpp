#include "reports/junit.h"

#include <fmt/format.h>

#include <map>
#include <ostream>
#include <pugixml.hpp>

namespace assay {
namespace {

// XML 1.0 has no way to write most control characters, not even escaped.
std::string xml_safe(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
  return text;
}

std::string explanation(const ResultRecord& result) {
  std::string text;
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", label, value);
  };
  line("expected", result.expected);
  line("got", result.got);
  line("first difference at", result.path);
  line("  expected there", result.expected_at);
  line("  got there", result.got_at);
  line("detail", result.detail);
  line("repeat", result.repeat);
  return xml_safe(text);
}

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
};

void add_case(pugi::xml_node suite, const ResultRecord& result, Counts& counts) {
  pugi::xml_node node = suite.append_child("testcase");
  node.append_attribute("classname") =
      fmt::format("{}.{}.{}", result.implementation, result.format, result.topic).c_str();
  node.append_attribute("name") = result.case_id.c_str();
  ++counts.tests;
  const std::string verdict(name(result.verdict));
  const Standing stands = standing(result.verdict);
  if (stands == Standing::agrees || stands == Standing::lossy) return;
  if (stands == Standing::not_judged || result.known) {
    const std::string reason = result.known ? result.known_reason : result.detail;
    node.append_child("skipped").append_attribute("message") =
        xml_safe(fmt::format("{}{}{}", verdict, reason.empty() ? "" : ": ", reason)).c_str();
    ++counts.skipped;
    return;
  }
  const bool broken = result.verdict == Verdict::adapter_error;
  ++(broken ? counts.errors : counts.failures);
  pugi::xml_node failure = node.append_child(broken ? "error" : "failure");
  failure.append_attribute("type") = verdict.c_str();
  failure.append_attribute("message") = verdict.c_str();
  failure.append_child(pugi::node_pcdata).set_value(explanation(result).c_str());
}

void set_counts(pugi::xml_node node, const Counts& counts) {
  node.append_attribute("tests") = counts.tests;
  node.append_attribute("failures") = counts.failures;
  node.append_attribute("errors") = counts.errors;
  node.append_attribute("skipped") = counts.skipped;
}

// One that could not be asked at all is an error by itself.
void add_silent(pugi::xml_node root, const ImplementationRecord& implementation) {
  pugi::xml_node suite = root.append_child("testsuite");
  suite.append_attribute("name") = xml_safe(implementation.name).c_str();
  set_counts(suite, {.tests = 1, .errors = 1});
  pugi::xml_node node = suite.append_child("testcase");
  node.append_attribute("classname") = xml_safe(implementation.name).c_str();
  node.append_attribute("name") = "start";
  pugi::xml_node error = node.append_child("error");
  error.append_attribute("type") = "did-not-start";
  error.append_attribute("message") = "did not start";
  error.append_child(pugi::node_pcdata).set_value(xml_safe(implementation.note).c_str());
}

}  // namespace

void write_junit(std::ostream& out, const Results& results) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = "assay";

  std::map<std::string, std::pair<pugi::xml_node, Counts>> suites;
  for (const ImplementationRecord& implementation : results.implementations)
    if (!implementation.note.empty()) add_silent(root, implementation);
  for (const ResultRecord& result : results.results) {
    const std::string title =
        fmt::format("{} {} {}", result.implementation, result.format, result.topic);
    auto [found, fresh] = suites.try_emplace(title);
    if (fresh) {
      found->second.first = root.append_child("testsuite");
      found->second.first.append_attribute("name") = title.c_str();
    }
    add_case(found->second.first, result, found->second.second);
  }
  for (auto& [title, suite] : suites) set_counts(suite.first, suite.second);
  document.save(out, "  ");
}

}  // namespace assay
