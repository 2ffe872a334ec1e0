#pragma once
// What the option tables of the command say, in other forms than --help: the manual page, and completions for shells.
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace tocsin::tool {

/// In roff, as man(1) shows it. version: as in "0.1.0".
std::string manual_page(const CLI::App& app, std::string_view version);
/// To be sourced, or installed under the name tocsin.bash or tocsin where the shell's completions are.
std::string bash_completions(const CLI::App& app);
/// To be installed under the name _tocsin in a folder of fpath.
std::string zsh_completions(const CLI::App& app);

}  // namespace tocsin::tool
