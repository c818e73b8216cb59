"""Reads a digest mail with Python's own parser: mail.py text|parts|header NAME|save DIR <MAIL."""
import email
import email.policy
import os
import sys


def main():
    mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
    if mail.defects:
        sys.exit("defects: %s" % mail.defects)
    if sys.argv[1] == "text":
        part = mail
        while part.is_multipart():
            part = part.get_payload(0)
        sys.stdout.buffer.write(part.get_payload(decode=True))
    elif sys.argv[1] == "header":
        for value in mail.get_all(sys.argv[2], []):
            print(value)
    elif sys.argv[1] == "parts":
        for part in mail.walk():
            print(part.get_content_type(), part.get_content_charset(), part.get_content_disposition(),
                  part.get_filename(), part["Content-Transfer-Encoding"])
    elif sys.argv[1] == "save":
        for part in mail.walk():
            if part.get_filename():
                with open(os.path.join(sys.argv[2], part.get_filename()), "wb") as file:
                    file.write(part.get_payload(decode=True))
    elif sys.argv[1] == "encoding":
        print(mail["Content-Type"].content_type, mail["Content-Type"].params["charset"],
              mail["Content-Transfer-Encoding"])


main()
