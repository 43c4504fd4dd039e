# Sourced by run: buf's STANDARD lint and FILE-level breaking check on the contract.

check_contract() {
  step "buf lint" buf lint proto
  step "buf breaking notices a field that went" breaking_notices_removal
  local release
  if release=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null); then
    step "buf breaking against $release" buf breaking proto --against ".git#tag=$release,subdir=proto"
  else
    echo "no release is tagged yet: there is nothing that buf breaking could compare with"
  fi
}

breaking_notices_removal() {
  cp -r proto "$work/changed"
  sed -i '/string command_line = 3;/d' "$work/changed/hcs/v1/process_service.proto"
  if buf breaking "$work/changed" --against proto >"$work/breaking.log"; then
    return 1
  fi
  grep 'field "3" with name "command_line".*was deleted' "$work/breaking.log"
}
