# Completion of scission for fish. The program itself says what there is.
function __scission_ask
    set -l program (commandline -opc)[1]
    $program $argv 2>/dev/null
end

set -l at_command 'test (count (commandline -opc)) -eq 1'
set -l at_option 'test (count (commandline -opc)) -gt 1; and string match -q -- "-*" (commandline -ct)'
set -l at_value 'test (count (commandline -opc)) -gt 1; and not string match -q -- "-*" (commandline -ct)'

complete -c scission -n $at_command -f -a '(__scission_ask --list-commands)'
complete -c scission -n $at_option -f -a '(__scission_ask (commandline -opc)[2] --list-options)'
complete -c scission -n $at_value -a '(__scission_ask --list-models)'
