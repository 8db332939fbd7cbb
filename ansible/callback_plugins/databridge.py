"""Prints what came of each task of each host as a line of JSON, for `databridge configure`."""

import json
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
  name: databridge
  type: stdout
  short_description: one JSON object a line
  description: Tells host, role, task, status, seconds and, if asked for, differences. Other output has no place here.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "databridge"

    def __init__(self):
        super().__init__()
        self.begun = time.monotonic()

    def tell(self, **words):
        print(json.dumps(words, default=str), flush=True)

    def result(self, result, status):
        task, found = result._task, result._result
        role = task._role.get_name() if task._role else ""
        words = {"host": result._host.get_name(), "role": role, "task": task.get_name(), "status": status}
        if status in ("failed", "unreachable"):
            words["message"] = "\n".join(self.why(found))
        if result._task.action.split(".")[-1] == "debug" and status == "ok":
            words["note"] = str(found.get("msg", ""))
        # A loop keeps what came of each item apart.
        diffs = [each.get("diff") for each in found.get("results", [found])]
        diffs = [diff for each in diffs if each for diff in (each if isinstance(each, list) else [each]) if diff]
        if diffs:
            words["diff"] = self._get_diff(diffs)
        elif "untried" in found:
            words["diff"] = found["untried"]
        self.tell(seconds=round(time.monotonic() - self.begun, 1), **words)

    def why(self, found):
        # A loop says of itself that all items were completed, whatever came of them.
        those = [each for each in found.get("results", []) if each.get("failed") or each.get("unreachable")]
        items = [(f"{self._get_item_label(each)}: ", each) for each in those] or [("", found)]
        for item, each in items:
            parts = [each.get(key) for key in ("msg", "stderr", "module_stderr", "censored")]
            yield item + "\n".join(str(part).strip() for part in parts if part)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.begun = time.monotonic()

    def v2_playbook_on_handler_task_start(self, task):
        self.begun = time.monotonic()

    def v2_runner_on_ok(self, result):
        self.result(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        # In a check, what can only be tried after other changes is a change that will be made, too.
        if ignore_errors:
            result._result["untried"] = f"only after what comes before: {result._result.get('msg', '')}"
        self.result(result, "changed" if ignore_errors else "failed")

    def v2_runner_on_unreachable(self, result):
        self.result(result, "unreachable")

    def v2_runner_on_skipped(self, result):
        self.result(result, "skipped")
