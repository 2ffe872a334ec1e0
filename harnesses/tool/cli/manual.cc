#include "harnesses/tool/cli/manual.h"

#include <CLI/CLI.hpp>
#include <vector>

namespace tocsin::tool {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

bool is_file(const CLI::Option& option) { return option.get_description().find("file") != std::string::npos; }
bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool is_named(const CLI::Option& option) { return option.nonpositional(); }

/// --corpus, or -h: what it is called in the first place.
std::string name_of(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  if (!option.get_snames().empty()) return "-" + option.get_snames().front();
  return option.get_single_name();
}

std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string out;
  for (const char c : text) {
    if (c == what)
      out += by;
    else
      out += c;
  }
  return out;
}

/// Text in a line of its own: a dot or an apostrophe in front would begin a request.
std::string in_roff(std::string_view text) {
  std::string out = replaced(replaced(replaced(text, '\\', "\\e"), '-', "\\-"), '\n', "\n.br\n");
  if (!out.empty() && (out[0] == '.' || out[0] == '\'')) out.insert(0, "\\&");
  return out;
}

std::string item(const CLI::Option& option) {
  std::string text = ".TP\n.B " + in_roff(name_of(option));
  if (is_named(option) && takes_value(option)) text += " \\fIVALUE\\fR";
  text += "\n" + in_roff(option.get_description());
  if (option.get_required()) text += " (needed)";
  if (!option.get_default_str().empty()) text += " (default: " + in_roff(option.get_default_str()) + ")";
  return text + "\n";
}

std::string section(const CLI::App& command) {
  std::string text = ".SS " + in_roff(command.get_name()) + "\n" + in_roff(command.get_description()) + "\n";
  for (const bool named : {false, true})
    for (const CLI::Option* option : command.get_options())
      if (is_named(*option) == named) text += item(*option);
  if (!command.get_footer().empty()) text += ".PP\n" + in_roff(command.get_footer()) + "\n";
  return text;
}

std::string named_options(const CLI::App& command) {
  std::string names;
  for (const CLI::Option* option : command.get_options())
    if (is_named(*option)) names += (names.empty() ? "" : " ") + name_of(*option);
  return names;
}

/// In single quotes, and in brackets of zsh.
std::string for_zsh(std::string_view text) {
  return replaced(replaced(replaced(replaced(text, '\'', "'\\''"), '[', "\\["), ']', "\\]"), ':', "\\:");
}

}  // namespace

std::string manual_page(const CLI::App& app, std::string_view version) {
  std::string page = ".TH TOCSIN 1 \"\" \"tocsin " + std::string(version) + "\" \"User Commands\"\n";
  page += ".SH NAME\ntocsin \\- TLS and DTLS, and what fuzzing finds in them, for people\n";
  page += ".SH SYNOPSIS\n.B tocsin\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n";
  page += ".SH DESCRIPTION\n" + in_roff(app.get_description()) + "\n.SH OPTIONS\n";
  for (const CLI::Option* option : app.get_options()) page += item(*option);
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) page += section(*command);
  page +=
      ".SH EXIT STATUS\n.TP\n.B 0\nsuccess\n.TP\n.B 1\na connection failed, or something was found\n.TP\n.B 2\nthe command "
      "line or a file "
      "cannot be used as it is\n";
  return page;
}

std::string bash_completions(const CLI::App& app) {
  std::string commands, cases;
  for (const CLI::App* command : commands_of(app)) {
    commands += (commands.empty() ? "" : " ") + command->get_name();
    cases += "    " + command->get_name() + ") words='" + named_options(*command) + "' ;;\n";
  }
  return "# Completions of tocsin for bash, written by `tocsin completions bash`.\n"
         "_tocsin() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} words\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases + "    *) words='" + commands + " " + named_options(app) +
         "' ;;\n"
         "  esac\n"
         "  [ \"$COMP_CWORD\" -eq 1 ] || [[ $word == -* ]] || { COMPREPLY=($(compgen -f -- \"$word\")); return; }\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "}\n"
         "complete -o filenames -F _tocsin tocsin\n";
}

std::string zsh_completions(const CLI::App& app) {
  std::string commands, cases;
  for (const CLI::App* command : commands_of(app)) {
    commands += "    '" + command->get_name() + ":" + for_zsh(command->get_description()) + "'\n";
    cases += "    " + command->get_name() + ") _arguments";
    for (const CLI::Option* option : command->get_options()) {
      if (!is_named(*option)) continue;
      cases += " \\\n      '*" + name_of(*option) + "[" + for_zsh(option->get_description()) + "]";
      if (takes_value(*option)) cases += is_file(*option) ? ":file:_files" : ":value:";
      cases += "'";
    }
    cases += " \\\n      '*:file:_files' ;;\n";
  }
  return "#compdef tocsin\n"
         "# Completions of tocsin for zsh, written by `tocsin completions zsh`.\n"
         "local -a commands=(\n" +
         commands +
         ")\n"
         "if (( CURRENT == 2 )); then\n"
         "  _describe command commands\n"
         "else\n"
         "  local command=$words[2]\n"
         "  shift words; (( CURRENT-- ))\n"
         "  case $command in\n" +
         cases +
         "  esac\n"
         "fi\n";
}

}  // namespace tocsin::tool
