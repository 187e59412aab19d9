# Sourced by install, start and stop: where things are, and how to speak to a person.
# shellcheck shell=bash disable=SC2034

KAFKA_VERSION=4.3.0
kafka_home=${KAFKA_HOME_CM:-${XDG_CACHE_HOME:-$HOME/.cache}/comment-monitor/kafka-$KAFKA_VERSION}
default_data=${XDG_DATA_HOME:-$HOME/.local/share}/comment-monitor/kafka

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# Prints the comment at the head of the script that was called, as its help.
usage() {
    awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"
}

need_java() {
    command -v java >/dev/null ||
        fail "Java is missing: install Java 17 or later (Debian, Ubuntu: apt-get install openjdk-17-jre-headless)"
}

# Prints the id of the broker that runs on a data folder; fails if none does. A pid file that a
# crash left behind, whose number went to another process since, is not believed.
running_pid() {
    local data=$1 pid
    [[ -f $data/kafka.pid ]] || return 1
    pid=$(<"$data/kafka.pid")
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    [[ $(ps -ww -p "$pid" -o args= 2>/dev/null) == *"kafka.Kafka $data/server.properties"* ]] || return 1
    echo "$pid"
}
