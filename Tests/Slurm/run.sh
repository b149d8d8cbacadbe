#!/usr/bin/env bash
# Runs a screening job as a 16-task array on a real Slurm: munged, slurmctld and slurmd of this machine, on
# loopback, in a temporary folder. Two tasks are killed midway and one is terminated; the first merge names what
# is missing, a second submission runs only that, and the result equals a run in one process, byte for byte.
#
# usage: Tests/Slurm/run.sh PROGRAM      (needs root; installs Debian's munge and slurm if they are missing)
set -euo pipefail

program=$(realpath "${1:?the superionic executable}")
repository=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$(id -u)" != 0 ]; then
  echo "skipped: slurmd runs jobs of other users and needs root"
  exit 0
fi

needed=()
for package in munge slurmctld slurmd slurm-client; do
  dpkg -s "$package" >/dev/null 2>&1 || needed+=("$package")
done
if [ ${#needed[@]} -gt 0 ]; then
  if ! apt-get update -qq; then
    echo "skipped: Slurm is not installed and there are no packages to install it from"
    exit 0
  fi
  # The services of the packages are not started: this test starts its own.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null || {
    rm -f /usr/sbin/policy-rc.d
    echo "skipped: ${needed[*]} cannot be installed here"
    exit 0
  }
  rm -f /usr/sbin/policy-rc.d
fi

folder=$(mktemp -d /tmp/superionic-slurm.XXXXXX)
started=()
finish() {
  status=$?
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ $status -ne 0 ]; then
    tail -n 20 "$folder"/*.log "$folder"/best.csv.shards/*.log 2>/dev/null || true
    echo "FAILED; logs were in $folder"
  fi
  rm -rf "$folder"
}
trap finish EXIT

say() { echo "$(date +%T) $*"; }
fail() { echo "error: $*"; exit 1; }

# --- a cluster of one node -------------------------------------------------------------------------------
host=$(hostname -s)
dd if=/dev/urandom of="$folder/munge.key" bs=1024 count=1 status=none
chmod 400 "$folder/munge.key"
chmod 755 "$folder"
munged --foreground --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" \
  --pid-file="$folder/munged.pid" --seed-file="$folder/munged.seed" --log-file="$folder/munged.log" >/dev/null 2>&1 &
started+=($!)
mkdir -p "$folder/state" "$folder/spool"
cat > "$folder/slurm.conf" <<EOF
ClusterName=superionic
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
MaxArraySize=100001
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=4096 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
echo "CgroupAutomount=no" > "$folder/cgroup.conf"
export SLURM_CONF="$folder/slurm.conf"
sleep 1
slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 & started+=($!)
slurmd -D -f "$SLURM_CONF" >/dev/null 2>&1 & started+=($!)
for _ in $(seq 60); do
  [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && break
  sleep 0.5
done
if [ "$(sinfo -h -o %T 2>/dev/null)" != idle ]; then
  echo "skipped: Slurm's daemons do not come up on this machine: $(sinfo -h 2>&1)"
  tail -n 5 "$folder"/*.log || true
  exit 0
fi
if ! (cd "$folder" && timeout 60 srun -n 1 true); then
  echo "skipped: Slurm runs no jobs on this machine"
  tail -n 5 "$folder"/*.log || true
  exit 0
fi
say "cluster is up: $(sinfo -h -o '%n, %c cores, %T'), $(slurmctld -V)"

# --- the job ----------------------------------------------------------------------------------------------
cd "$folder"
"$program" train "$repository/Datasets/landmark-electrolytes.csv" --target conductivity_S_cm --log10 \
  --temperature-column temperature_C --group-column doi --model gp -o gp.model >/dev/null
job=("$repository/Tests/Slurm/small-garnets.toml" --model conductivity=gp.model --top 100)
"$program" screen "${job[@]}" --slurm --shards 16 --cores 1 --memory 500M --time-limit 10 -o best.csv
waitForJobs() {
  for _ in $(seq 600); do
    [ -z "$(squeue -h -o %i 2>/dev/null)" ] && return
    sleep 0.5
  done
  fail "jobs do not end: $(squeue)"
}
# The process of one task's program, by what it was started with; only ours run in this folder.
pidOf() { pgrep -f -x ".*superionic screen .*--shard $1/16 .*$folder/.*" | head -1; }

ids=$(sh best.csv.submit.sh)
array=${ids% *}
say "submitted array $array and merge ${ids#* }"
killed=0
terminated=0
for _ in $(seq 2000); do
  for task in 2 5; do
    if [ ! -e "killed.$task" ] && pid=$(pidOf $task) && [ -n "$pid" ]; then
      sleep 0.2
      kill -KILL "$pid" 2>/dev/null && touch "killed.$task" && killed=$((killed + 1)) && say "killed task $task (pid $pid)"
    fi
  done
  if [ $terminated = 0 ] && pid=$(pidOf 9) && [ -n "$pid" ]; then
    sleep 0.2
    kill -TERM "$pid" 2>/dev/null && terminated=1 && say "terminated task 9 (pid $pid), which requeues itself"
  fi
  [ -z "$(squeue -h -o %i)" ] && break
  sleep 0.05
done
waitForJobs
[ $killed = 2 ] || fail "$killed tasks were killed, not 2"
say "after the first submission: $(ls best.csv.shards/*.shard | wc -l) of 16 shards"
grep -h "missing" best.csv.shards/merge.log || fail "the merge did not name missing shards"
[ ! -e best.csv ] || fail "a result was written although shards are missing"
[ ! -e best.csv.shards/0000002.shard ] && [ ! -e best.csv.shards/0000005.shard ] || fail "killed tasks left shards"
[ -e best.csv.shards/0000009.shard ] || fail "the terminated task did not finish after its requeue"

touch again
sh best.csv.submit.sh >/dev/null
waitForJobs
say "after the second submission: $(ls best.csv.shards/*.shard | wc -l) of 16 shards, $(find best.csv.shards -name '*.shard' -newer again | wc -l) of them new"
[ "$(find best.csv.shards -name '*.shard' -newer again | wc -l)" = 2 ] || fail "other shards than the missing ones were run"
tail -n 1 best.csv.shards/merge.log

# --- the same in one process -------------------------------------------------------------------------------
"$program" screen "${job[@]}" -o one.csv --quiet
cmp one.csv best.csv || fail "the merged result differs"
cmp one.csv.provenance.json best.csv.provenance.json || fail "the provenance differs"
say "merged result and provenance equal those of one process, byte for byte"
echo "PASS"
