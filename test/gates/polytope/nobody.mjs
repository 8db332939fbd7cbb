/**
 * Words that run nginx as pods have it: as nobody, whose its output is, a pipe. They end as it does.
 * @param {string} nginx @param {readonly string[]} words
 */
export const asNobody = (nginx, ...words) => [
  ...["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", "sh", "-c"],
  // The status of the first of both.
  'exec 3>&1; status=$( { { "$@" 4>&-; echo $? >&4; } 3>&- | cat >&3; } 4>&1 ); exit $status',
  ...["sh", nginx, "-e", "stderr", "-c", "/etc/nginx/polytope.conf", "-g", "daemon off;", ...words],
];
