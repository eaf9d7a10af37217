#include "harness/oracles/discovery.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <tuple>

namespace assay {
namespace {

namespace fs = std::filesystem;

// A JVM or a WebAssembly Python takes seconds to start, and far more when every
// core is busy.
constexpr double heavy_start_seconds = 120;

bool executable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    paths.push_back(at->path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

fs::path real_path(const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

// A script of pyenv that starts some version: every version is looked at under
// its own name, so the script is not needed (and starting it is slow).
bool is_pyenv_shim(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string head(256, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head.starts_with("#!") && head.find("pyenv") != std::string::npos;
}

std::vector<fs::path> split_path(const char* text) {
  std::vector<fs::path> folders;
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    if (colon > 0) folders.emplace_back(rest.substr(0, colon));
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return folders;
}

// "3.13.0" of a folder or file name that has it; else what there is ("3.11").
std::string version_in(const std::string& name) {
  static const std::regex pattern(R"((\d+\.\d+(\.\d+)?((a|b|rc)\d+)?))");
  std::smatch match;
  return std::regex_search(name, match, pattern) ? match[1].str() : "";
}

// Of a Pyodide package: version 314.0.7 is CPython 3.14.
std::string pyodide_version(const fs::path& package) {
  std::ifstream in(package / "package.json");
  std::stringstream text;
  text << in.rdbuf();
  static const std::regex pattern(R"re("version"\s*:\s*"3(\d\d)\.)re");
  std::smatch match;
  const std::string json = std::move(text).str();
  return std::regex_search(json, match, pattern) ? "3." + match[1].str() : "";
}

// Finds interpreters, each once however many names it has.
class Search {
 public:
  explicit Search(const Surroundings& surroundings) : where_(surroundings) {}

  std::vector<Candidate> find() {
    for (const fs::path& version : entries(where_.pyenv / "versions"))
      add_interpreter(version / "bin" / "python", version.filename().string());
    for (const fs::path& folder : where_.path)
      for (const fs::path& program : entries(folder)) add_named(program);
    std::stable_sort(found_.begin(), found_.end(), before);
    add_pyodides();
    for (const fs::path& folder : entries(adapters()))
      if (fs::exists(folder / "adapter.toml")) add_descriptor(folder / "adapter.toml");
    return std::move(found_);
  }

 private:
  fs::path adapters() const { return where_.root / "harness" / "adapters"; }

  static bool before(const Candidate& a, const Candidate& b) {
    const auto key = [](const Candidate& c) {
      int major = 0, minor = 0, patch = 0;
      std::sscanf(c.version.c_str(), "%d.%d.%d", &major, &minor, &patch);
      return std::make_tuple(c.kind, major, minor, patch);
    };
    return key(a) < key(b);
  }

  void add_named(const fs::path& program) {
    static const std::regex names(R"((python|pypy|jython)([23](\.\d+)?)?)");
    const std::string name = program.filename().string();
    if (std::regex_match(name, names)) add_interpreter(program, name);
  }

  void add_interpreter(const fs::path& program, const std::string& name) {
    if (!executable(program) || is_pyenv_shim(program)) return;
    const fs::path real = real_path(program);
    if (!seen_.insert(real).second) return;
    const std::string guess = version_in(name).empty() ? real.filename().string() : name;
    if (name.starts_with("pypy") || real.filename().string().starts_with("pypy")) {
      add_lane(Candidate::Kind::pypy, program, guess, "");
    } else if (name.starts_with("jython")) {
      add_lane(Candidate::Kind::jython, program, guess, "java");
      add_lane(Candidate::Kind::jython, program, guess, "py");
    } else {
      add_lane(Candidate::Kind::python, program, guess, "c");
      add_lane(Candidate::Kind::python, program, guess, "py");
    }
  }

  void add_lane(Candidate::Kind kind, const fs::path& program, const std::string& name,
                const std::string& lane) {
    Candidate candidate;
    candidate.kind = kind;
    candidate.origin = program.string();
    candidate.lane = lane;
    candidate.version = version_in(name);
    candidate.implementation.name = program.filename().string() + (lane.empty() ? "" : "-" + lane);
    std::vector<std::string>& argv = candidate.implementation.command.argv;
    argv = {program.string(), (adapters() / "python" / "assay_adapter.py").string()};
    if (!lane.empty()) argv.insert(argv.end(), {"--lane", lane});
    if (candidate.heavy()) candidate.start_seconds = heavy_start_seconds;
    // A run is too short for the JVM's second compiler and its parallel
    // collector: without them it takes half the time.
    if (kind == Candidate::Kind::jython)
      candidate.implementation.command.environment["JAVA_TOOL_OPTIONS"] =
          "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";
    found_.push_back(std::move(candidate));
  }

  void add_pyodides() {
    const fs::path node = find_program("node", where_.path);
    if (node.empty()) return;
    for (const fs::path& package : entries(where_.pyodide)) {
      if (!package.filename().string().starts_with("pyodide") ||
          !fs::exists(package / "pyodide.mjs"))
        continue;
      for (const char* lane : {"c", "py"}) {
        Candidate candidate;
        candidate.kind = Candidate::Kind::pyodide;
        candidate.origin = package.string();
        candidate.lane = lane;
        candidate.version = pyodide_version(package);
        candidate.implementation.name = fmt::format("{}-{}", package.filename().string(), lane);
        candidate.implementation.command.argv = {
            "/bin/sh",
            (adapters() / "pyodide" / "deep_node.sh").string(),
            node.string(),
            (adapters() / "pyodide" / "assay_adapter.mjs").string(),
            package.string(),
            "--lane",
            lane};
        candidate.start_seconds = heavy_start_seconds;
        found_.push_back(std::move(candidate));
      }
    }
  }

  void add_descriptor(const fs::path& file) {
    Candidate candidate;
    if (const auto wrong = read_descriptor(file, where_, candidate)) {
      candidate.kind = Candidate::Kind::described;
      candidate.missing = *wrong;
    }
    if (candidate.kind == Candidate::Kind::described) {
      add_described(candidate);
      return;
    }
    for (Candidate& interpreter : found_) {
      if (interpreter.kind != candidate.kind) continue;
      interpreter.target = candidate.target;
      interpreter.known = candidate.known;
    }
  }

  void add_described(const Candidate& candidate) {
    if (candidate.lanes.empty()) found_.push_back(candidate);
    for (const std::string& lane : candidate.lanes) {
      Candidate one = candidate;
      one.lane = lane;
      one.implementation.name += "-" + lane;
      std::vector<std::string>& argv = one.implementation.command.argv;
      argv.insert(argv.end(), {"--lane", lane});
      found_.push_back(std::move(one));
    }
  }

  const Surroundings& where_;
  std::set<fs::path> seen_;
  std::vector<Candidate> found_;
};

}  // namespace

Surroundings environment(const fs::path& root, const fs::path& program_folder) {
  Surroundings where;
  where.root = root;
  where.program_folder = program_folder;
  where.path = split_path(std::getenv("PATH"));
  const char* home = std::getenv("HOME");
  const char* pyenv = std::getenv("PYENV_ROOT");
  if (pyenv != nullptr && *pyenv != '\0') {
    where.pyenv = pyenv;
  } else if (home != nullptr) {
    where.pyenv = fs::path(home) / ".pyenv";
  }
  const char* pyodide = std::getenv("ASSAY_PYODIDE_DIR");
  where.pyodide =
      pyodide != nullptr && *pyodide != '\0' ? fs::path(pyodide) : root / ".cache" / "pyodide";
  if (fs::is_directory(where.pyodide / "node_modules")) where.pyodide /= "node_modules";
  return where;
}

std::vector<Candidate> find_candidates(const Surroundings& surroundings) {
  return Search(surroundings).find();
}

Candidate reference_candidate(const Surroundings& surroundings, const std::string& profile) {
  Candidate candidate;
  candidate.kind = Candidate::Kind::reference;
  const fs::path program = surroundings.program_folder / "assay-reference";
  candidate.origin = program.string();
  candidate.implementation.name = "reference@" + profile;
  candidate.implementation.command.argv = {program.string(), "--as", profile};
  if (!executable(program)) candidate.missing = "assay-reference is not built";
  return candidate;
}

std::string implementation_name(const Hello& hello,
                                const std::map<std::string, std::string>& recorded) {
  if (hello.implementation == "reference") return "reference@" + hello.profile;
  if (hello.implementation == "cpython" && !hello.lane.empty()) {
    const bool narrow = hello.word.value_or(64) == 32;
    const std::size_t dot = hello.version.find('.');
    const std::string minor = hello.version.substr(0, hello.version.find('.', dot + 1));
    const auto profile = [&](const std::string& version) {
      return fmt::format("cpython-{}-{}{}", version, hello.lane, narrow ? "-32" : "");
    };
    const auto found = recorded.find(profile(minor));
    return found != recorded.end() && found->second == hello.version ? found->first
                                                                     : profile(hello.version);
  }
  return fmt::format("{}-{}{}{}", hello.implementation, hello.version,
                     hello.lane.empty() ? "" : "-", hello.lane);
}

fs::path find_program(const std::string& name, const std::vector<fs::path>& path) {
  for (const fs::path& folder : path)
    if (executable(folder / name)) return folder / name;
  return {};
}

}  // namespace assay
