import ArgumentParser

/// The script that teaches bash to complete the program's words.
///
/// bash splits the words of a line at colons, and so `label:base` into three; the parser's script
/// then takes them for three arguments. What is added joins them before, and takes off after what bash
/// has of the word already. (Others take the colon out of `COMP_WORDBREAKS`, which changes the whole
/// shell.)
enum CompletionScript {
  /// Nil unless the arguments ask for bash's script. The other shells need nothing more.
  static func text(_ arguments: [String]) -> String? {
    let option = "--generate-completion-script"
    guard arguments == [option, "bash"] || arguments == ["\(option)=bash"] else { return nil }
    return TracequeryCommand.completionScript(for: .bash) + "\n" + joining
  }

  private static let joining = """
    # bash splits words at colons, which selections such as label:base hold.
    _tracequery_joined() {
        local -a words=()
        local word previous='' cursor="${COMP_LINE:0:COMP_POINT}"
        local -i i
        for ((i = 0; i <= COMP_CWORD; i++)); do
            word="${COMP_WORDS[i]}"
            if ((i > 1)) && [[ "${word}" == :* || "${previous}" == *: ]] \\
                && [[ -n "${word}" || "${cursor}" != *[[:space:]] ]]; then
                words[${#words[@]} - 1]+="${word}"
            else
                words+=("${word}")
            fi
            previous="${word}"
        done
        local -i COMP_CWORD=$((${#words[@]} - 1))
        local -a COMP_WORDS=("${words[@]}")
        local cur="${words[COMP_CWORD]}"
        _tracequery "${1}" "${cur}" "${words[COMP_CWORD - 1]}"
        if [[ "${COMP_WORDBREAKS}" == *:* && "${cur}" == *:* ]]; then
            COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
        fi
    }
    complete -o filenames -F _tracequery_joined tracequery

    """
}
