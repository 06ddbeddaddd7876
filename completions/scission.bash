# Completion of scission for bash. The program itself says what there is.
_scission() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} question=(--list-models)
  if ((COMP_CWORD == 1)); then
    question=(--list-commands)
  elif [[ $word == -* ]]; then
    question=("${COMP_WORDS[1]}" --list-options)
  else
    compopt -o filenames
  fi
  mapfile -t COMPREPLY < <(
    compgen -W "$("$program" "${question[@]}" 2>/dev/null | cut -f 1)" -- "$word"
    [[ ${question[0]} != --list-models ]] || compgen -f -- "$word"
  )
}
complete -F _scission scission
