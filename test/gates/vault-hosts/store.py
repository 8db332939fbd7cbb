"""What the owner of an object store does there, and who has a key of it.

  store.py make URL CA BUCKET    makes the bucket and another, and a key that may read and write in the first alone; prints it
  store.py list URL CA BUCKET    prints what is in the bucket, by the key in the environment
"""

import json
import sys

import boto3


def main(command, url, ca, bucket):
    def client(name):
        return boto3.client(name, endpoint_url=url, verify=ca, region_name="us-east-1")

    if command == "list":
        found = client("s3").list_objects(Bucket=bucket).get("Contents", [])
        print(json.dumps([each["Key"] for each in found]))
        return
    for name in (bucket, "other"):
        client("s3").create_bucket(Bucket=name)
    of = f"arn:aws:s3:::{bucket}"
    within = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    rules = [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": of},
        {"Effect": "Allow", "Action": within, "Resource": f"{of}/*"},
    ]
    people = client("iam")
    people.create_user(UserName="vault")
    policy = json.dumps({"Version": "2012-10-17", "Statement": rules})
    people.put_user_policy(UserName="vault", PolicyName="copies", PolicyDocument=policy)
    key = people.create_access_key(UserName="vault")["AccessKey"]
    print(json.dumps([key["AccessKeyId"], key["SecretAccessKey"]]))


main(*sys.argv[1:])
