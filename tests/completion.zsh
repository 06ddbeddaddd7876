# Prints what zsh offers for the command line $1, a word a line: types it into a zsh of its own.
zmodload zsh/zpty
zpty shell zsh -f -i
typed() { zpty -w shell "$1" }
typed 'PROMPT= RPROMPT=; unsetopt zle_bracketed_paste beep; autoload -Uz compinit; compinit -u -d /tmp/zcompdump'
# Every match goes to a file instead of the screen.
typed 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd "$@"; return; fi
  local -a __hits; builtin compadd -A __hits "$@"
  print -rl -- ${IPREFIX}${PREFIX%/*}/${^__hits} ${__hits} >>/tmp/zsh-hits; builtin compadd "$@"
}'
typed "TRAPEXIT() { print -r done >>/tmp/zsh-hits }"
rm -f /tmp/zsh-hits
zpty -w -n shell "$1"$'\t'
sleep 3
zpty -d shell
cat /tmp/zsh-hits
rm -f /tmp/zsh-hits /tmp/zcompdump
