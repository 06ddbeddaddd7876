# Prints the words that zsh offers behind the command line $1, one a line: types it into a zsh of its
# own, in which every match goes to a file.
zmodload zsh/zpty
hits=$(mktemp)
zpty shell zsh -f -i
zpty -w shell "hits=$hits; autoload -Uz compinit; compinit -u -D"
zpty -w shell 'compadd() {
  if [[ ${@[1,(i)(-|--)]} != *-[OAD]* ]]; then
    local -a matches
    builtin compadd -A matches "$@"
    print -rl -- $matches >>$hits
  fi
  builtin compadd "$@"
}'
zpty -w -n shell "$1"$'\t'
for ((i = 0; i < 100; ++i)); do
  [[ -s $hits ]] && break
  sleep 0.1
done
sleep 0.5
zpty -d shell
grep . $hits
rm -f $hits
