#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds what mldigest says of signed mails against what Debian's patatt says.

    devsig.py MAIL WORK STEP    for each row of the tables a line: its name, a tab, and what is
                                wrong with it, or nothing; and a bit of every STEPth byte flipped

MAIL was signed by `patatt sign'.  WORK is an empty directory.  From the environment: MLDIGEST,
MAILINFO (tests/unit/mailinfo-print), KEYRING (patatt's), SECRET (the private key's file of the
one who signed), and IDENTITY and SELECTOR, theirs.

The second kind of row is signed here, by our reading of the rules alone: what is hashed comes from
mldigest's own mail/mailinfo.c, and the key is patatt's.
"""
import base64
import hashlib
import json
import os
import quopri
import re
import shutil
import subprocess
import sys

import nacl.signing
import patatt

env = os.environ
IDENTITY, SELECTOR = env['IDENTITY'], env['SELECTOR']
NAME = b'X-Developer-Signature'


# What both say.

def theirs(mail, keyring):
    """The worst verdict, as patatt's exit status has it, or that it gave up."""
    words = {patatt.RES_VALID: 'good', patatt.RES_NOSIG: 'none', patatt.RES_NOKEY: 'unknown-key',
             patatt.RES_ERROR: 'error', patatt.RES_BADSIG: 'bad'}
    try:
        results = patatt.validate_message(mail, [keyring])
        return words[max((row[0] for row in results), default=patatt.RES_NOSIG)]
    except Exception:  # pylint: disable=broad-except
        return 'error'


def ours(mail, home):
    done = subprocess.run([env['MLDIGEST'], '-H', home, 'explain', '--json'], input=mail,
                          capture_output=True, check=False)
    if done.returncode or done.stderr:
        return 'exit %d: %s' % (done.returncode, done.stderr.decode()), ''
    said = json.loads(done.stdout)
    whys = [s['why'] for s in said['signatures'] if s['verdict'] == said['signature']]
    return said['signature'] or 'none', whys[0] if whys else ''


# A signer.

def relax(value):
    """RFC 6376 3.4.2, as patatt has it: line ends go, other white space becomes one blank."""
    return re.sub(rb'[ \t\v\f]+', b' ', re.sub(rb'[\r\n]', b'', value)).strip()


def canon(mail):
    """From, Subject and body, by mldigest's reading."""
    said = subprocess.run([env['MAILINFO']], input=NAME + b': x\n' + mail, capture_output=True,
                          check=True).stdout
    assert not said.startswith(b'failure'), said
    name, email, subject, body = said.split(b'\n', 3)
    name, email, subject = (x.split(b': ', 1)[1] for x in (name, email, subject))
    return {b'from': name + b' <' + email + b'>', b'subject': subject}, body


def field(mail, name):
    head = re.split(rb'\r?\n\r?\n', mail, maxsplit=1)[0]
    found = re.search(rb'(?im)^' + re.escape(name) + rb':((?:.|\n[ \t])*)', head)
    return found and found.group(1)


def add(mail, line):
    """LINE at the end of the header."""
    head, body = mail.split(b'\n\n', 1)
    return head + b'\n' + line + b'\n\n' + body


def sign(mail, names=b'from:subject', key=None, order=b'v a t l i s h bh', raw=None, **tags):
    """MAIL with our signature; a tag of None is left out, any other is as it is given."""
    fields, body = canon(mail)
    have = {b'v': b'1', b'a': b'ed25519-sha256', b't': b'1795274847', b'l': b'%d' % len(body),
            b'i': IDENTITY.encode(), b's': SELECTOR.encode(), b'h': names,
            b'bh': base64.b64encode(hashlib.sha256(body).digest())}
    for tag, value in tags.items():
        have[tag.encode()] = value
    tagged = [t + b'=' + have[t] for t in order.split() if have[t] is not None]
    unsigned = b'; '.join(tagged + ([raw] if raw else []) + [b'b='])
    hashed = b''
    # The second time there is none left (RFC 6376 5.4.2).
    for name in dict.fromkeys(names.split(b':')):
        value = fields.get(name) or field(mail, name)
        if value is not None:
            hashed += name + b':' + relax(value) + b'\r\n'
    hashed += NAME.lower() + b':' + relax(unsigned)
    digest = hashlib.sha256(hashed).digest()
    signed = (key or SECRET).sign(digest)
    return add(mail, NAME + b': ' + unsigned + base64.b64encode(signed))


SECRET = nacl.signing.SigningKey(open(env['SECRET'], 'rb').read(),
                                 encoder=nacl.encoding.Base64Encoder)


# Mails.

def coded(mail, coding, lf=b'\n', change=lambda text: text):
    """MAIL in another transfer encoding."""
    head, body = mail.split(b'\n\n', 1)
    body = body.replace(b'\n', lf)
    if coding == 'base64':
        text = base64.encodebytes(body)
    else:
        text = quopri.encodestring(body)
    head = re.sub(rb'(?im)^Content-Transfer-Encoding: .*', b'Content-Transfer-Encoding: ' +
                  coding.encode(), head)
    return head + b'\n\n' + change(text)


def swap(old, new, count=1):
    def change(mail):
        assert old in mail, old
        return mail.replace(old, new, count)
    return change


def on_top(line):
    return lambda mail: line + b'\n' + mail


def header(line):
    return lambda mail: add(mail, line)


def behind(text):
    return lambda mail: mail + text


def second(name, value=None):
    """The field NAME once more, below the first one."""
    return lambda mail: add(mail, name + b':' + (value or field(mail, name)))


def in_tag(tag, change):
    """The signature's value of TAG, changed without a new signature."""
    def run(mail):
        was = field(mail, NAME)
        new = re.sub(rb'(?<![a-z])' + tag + rb'=([^;]*)', lambda m: tag + b'=' + change(m.group(1)),
                     was)
        return mail.replace(was, new, 1)
    return run


def flip(value):
    """Another first digit of base64."""
    text = value.lstrip()
    return value.replace(text, (b'B' if text[:1] == b'A' else b'A') + text[1:])


def malleable(value):
    """RFC 8032 5.1.7: S + L has the same effect where S is not checked."""
    raw = bytearray(base64.b64decode(re.sub(rb'\s', b'', value)))
    order = 2 ** 252 + 27742317777372353535851937790883648493
    s = int.from_bytes(raw[32:64], 'little') + order
    raw[32:64] = s.to_bytes(32, 'little')
    return base64.b64encode(bytes(raw))


def mailman(mail):
    """What Mailman 2.1 makes of a body that it cannot append to."""
    head, body = mail.split(b'\n\n', 1)
    form = re.findall(rb'(?im)^Content-.*\n', head + b'\n')
    head = re.sub(rb'(?im)^Content-.*\n', b'', head + b'\n')
    return (head + b'Content-Type: multipart/mixed; boundary="==1=="\n\n--==1==\n' +
            b''.join(form) + b'\n' + body +
            b'\n--==1==\nContent-Type: text/plain; charset="us-ascii"\n\n' + FOOTER +
            b'\n--==1==--\n')


FOOTER = (b'_______________________________________________\nkvm mailing list\n'
          b'kvm@list.example\nhttps://list.example/kvm\n')

# Name, what it does to the mail that patatt signed, what we say, what patatt says where that is
# something else.
CHANGES = (
    ('as it was signed', lambda m: m, 'good'),
    ('no signature', lambda m: re.sub(rb'(?im)^X-Developer-Sig(.|\n )*\n', b'', m), 'none'),
    # What mail does.
    ('CRLF', lambda m: m.replace(b'\n', b'\r\n'), 'good'),
    ('base64', lambda m: coded(m, 'base64'), 'good'),
    ('base64 of CRLF', lambda m: coded(m, 'base64', b'\r\n'), 'good'),
    ('base64 of CRLF, in CRLF', lambda m: coded(m, 'base64', b'\r\n').replace(b'\n', b'\r\n'),
     'good'),
    ('quoted-printable', lambda m: coded(m, 'quoted-printable'), 'good'),
    ('quoted-printable, in CRLF',
     lambda m: coded(m, 'quoted-printable').replace(b'\n', b'\r\n'), 'good'),
    ('trace fields and a list\'s fields above',
     on_top(b'Received: from a by b;\n\tMon, 1 Jan 2024 00:00:00 +0000\nList-Id: <kvm.x>'), 'good'),
    ('a list\'s tag', swap(b'Subject: [', b'Subject: [kvm] ['), 'good'),
    ('a folded Subject', swap(b'Subject: [PATCH] demo', b'Subject: [PATCH]\n demo'), 'good'),
    ('a Subject in encoded words',
     swap(b'Subject: [PATCH] demo:', b'Subject: =?UTF-8?Q?[PATCH]_demo?= =?utf-8?b?Og==?='), 'good'),
    ('a Subject in broken encoded words', swap(b'[PATCH] demo:', b'=?utf-8?x?[PATCH]_demo:?='),
     'bad', 'error'),
    ('a name in quotes', swap(b'From: Ada Lovelace', b'From: "Ada Lovelace"'), 'good'),
    ('the signature in one line', lambda m: re.sub(rb'(?m)\n (?=(i|bh|b|s|h|[A-Za-z0-9+/]*)=?)', b' ',
                                                   m, count=3), 'good'),
    ('the signature folded at every blank and within b=',
     in_tag(b'b', lambda v: b'\n\t'.join(re.sub(rb'\s', b'', v)[i:i + 9] for i in range(0, 128, 9))),
     'good'),
    ('the field\'s name in other case', swap(NAME, NAME.upper()), 'good'),
    ('empty lines at the end', behind(b'\n\n\r\n'), 'good'),
    ('Date, which is not signed', swap(b'\nDate: ', b'\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nX: '),
     'good'),
    # What it should not have done.
    ('another Subject', swap(b'demo: add', b'demo: cut'), 'bad'),
    ('another From', swap(b'From: Ada Lovelace', b'From: Eve Lovelace'), 'bad'),
    ('another address', swap(b'Ada@List.example>\nDate', b'Eve@List.example>\nDate'), 'bad'),
    ('another Message-ID', swap(b'Message-ID: <', b'Message-ID: <x'), 'bad'),
    ('no Message-ID', swap(b'Message-ID: <', b'X-ID: <'), 'bad'),
    ('no Subject', swap(b'Subject: ', b'X-Subject: '), 'bad'),
    ('no From', swap(b'From: ', b'X-From: '), 'bad'),
    ('From rewritten by a list',
     swap(b'From: Ada Lovelace <Ada@List.example>', b'From: Ada Lovelace via kvm <kvm@list.example>\n'
          b'X-Original-From: Ada Lovelace <Ada@List.example>'), 'bad'),
    ('a word in the text', swap(b'Because', b'because'), 'bad'),
    ('a line of the diff', swap(b'\n+x', b'\n+y'), 'bad'),
    ('a blank in the diff', swap(b'\n+x', b'\n+ x'), 'bad'),
    ('a blank at the end of a line', swap(b'\n+x \xc3\xa4\n', b'\n+x \xc3\xa4 \n'), 'bad'),
    ('a line less', swap(b'\n+x \xc3\xa4\n', b'\n'), 'bad'),
    ('a letter in another normal form', swap(b'\n+x \xc3\xa4', b'\n+x a\xcc\x88'), 'bad'),
    ('text below', behind(b'more\n'), 'bad'),
    ('a diff below', behind(b'diff --git a/g b/g\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n'), 'bad'),
    ('Mailman\'s footer', behind(FOOTER), 'bad'),
    ('Mailman\'s footer in base64', lambda m: coded(m + FOOTER, 'base64'), 'bad'),
    ('Mailman\'s footer as a part', mailman, 'unsupported', 'bad'),
    ('text above', swap(b'\n\nBecause', b'\n\nHello\n\nBecause'), 'bad'),
    ('From of another in the body', swap(b'\n\nBecause', b'\n\nFrom: Eve <e@x.org>\n\nBecause'),
     'bad'),
    ('Subject in the body', swap(b'\n\nBecause', b'\n\nSubject: x\n\nBecause'), 'bad'),
    ('Date in the body, which git takes off', swap(b'\n\nBecause', b'\n\nDate: x\n\nBecause'),
     'good'),
    # A field that stands twice: git am takes the last, most mail programs the first.
    ('a second Subject', second(b'Subject', b' [PATCH] other'), 'bad'),
    ('a second Subject above', on_top(b'Subject: [PATCH] other'), 'bad', 'good'),
    ('the same Subject twice', second(b'Subject'), 'bad', 'good'),
    ('a second From', second(b'From', b' Eve <e@x.org>'), 'bad'),
    ('a second From above', on_top(b'From: Eve <e@x.org>'), 'bad', 'good'),
    ('a second Message-ID', second(b'Message-ID', b' <x@x.org>'), 'bad'),
    ('a second Message-ID above', on_top(b'message-id: <x@x.org>'), 'bad', 'good'),
    ('a second Content-Type', on_top(b'Content-Type: text/html'), 'bad', 'good'),
    ('a second Content-Transfer-Encoding', on_top(b'Content-Transfer-Encoding: base64'), 'bad',
     'good'),
    # A header that programs read in different ways.
    ('a Subject with a blank before its colon', on_top(b'Subject : other'), 'bad', 'error'),
    ('a line of blanks in the header', on_top(b'X: y\n \nZ: z'), 'bad', 'none'),
    ('a line of blanks at its end', swap(b'\n\nBecause', b'\n \nBecause'), 'bad', 'good'),
    ('a line that is no field', on_top(b'X: y\nno field'), 'bad', 'error'),
    ('an mbox line in the header', header(b'>From a Mon Jan  1 00:00:00 2024'), 'bad', 'good'),
    ('a NUL in the text', swap(b'Because', b'Bec\0ause'), 'bad'),
    ('a NUL in the header', header(b'X: \0'), 'bad', 'good'),
    ('a NUL in quoted-printable', lambda m: coded(m, 'quoted-printable',
                                                  change=swap(b'Because', b'Bec=00ause')), 'bad'),
    ('no body', lambda m: m.split(b'\n\n', 1)[0] + b'\n\n', 'bad', 'error'),
    # Bytes that git and mail programs decode to different texts.
    ('another charset: what git takes for text is shown as other letters',
     swap(b'charset=UTF-8', b'charset=windows-1251'), 'bad', 'good'),
    ('UTF-7', swap(b'charset=UTF-8', b'charset=UTF-7'), 'bad', 'good'),
    ('another charset that says the same', swap(b'charset=UTF-8', b'charset=utf8'), 'good'),
    ('parts that git does not see', swap(b'text/plain; charset=UTF-8', b'text/html; charset=UTF-8'),
     'bad', 'good'),
    ('format=flowed', swap(b'charset=UTF-8', b'charset=UTF-8; format=flowed'), 'unsupported',
     'bad'),
    ('padding within base64, where some stop and git goes on',
     lambda m: coded(m, 'base64', change=lambda t: t[:76] + b'==' + t[76:]), None, 'good'),
    # The field itself.
    ('b= of another', in_tag(b'b', flip), 'bad'),
    ('b= cut short', in_tag(b'b', lambda v: v[:-9]), 'bad', 'error'),
    ('b= without the digest', in_tag(b'b', lambda v: v.replace(b'\n', b'').replace(b' ', b'')[:86] +
                                     b'=='), 'bad', None),
    ('b= that is not base64', in_tag(b'b', lambda v: b'?' + v[1:]), 'bad', None),
    ('b= with letters that do not count', in_tag(b'b', lambda v: v + b'.'), 'bad', 'good'),
    ('b= with a semicolon behind it', in_tag(b'b', lambda v: v + b';'), 'bad', 'good'),
    ('b= in another spelling', in_tag(b'b', malleable), 'bad'),
    ('bh= of another body', in_tag(b'bh', flip), 'bad'),
    ('l= changed', in_tag(b'l', lambda v: b'9'), 'bad'),
    ('t= changed', in_tag(b't', lambda v: b'9'), 'bad'),
    ('h= without subject', in_tag(b'h', lambda v: b'from:message-id'), 'bad'),
    ('h= without from', in_tag(b'h', lambda v: b'subject:message-id'), 'bad'),
    ('a tag within it', in_tag(b't', lambda v: v + b'; x=y'), 'bad'),
    ('another algorithm', in_tag(b'a', lambda v: b'rsa-sha256'), 'unsupported', 'error'),
    ('OpenSSH', in_tag(b'a', lambda v: b'openssh-sha256'), 'unsupported', 'unknown-key'),
    ('another hash', in_tag(b'a', lambda v: b'ed25519-sha512'), 'unsupported', 'bad'),
    ('another version', in_tag(b'v', lambda v: b'2'), 'unsupported', 'bad'),
    ('no version', in_tag(b'v', lambda v: b''), 'unsupported', 'bad'),
    ('another identity', in_tag(b'i', lambda v: b'eve@x.org'), 'unknown-key'),
    ('the identity in other case', in_tag(b'i', lambda v: IDENTITY.upper().encode()), 'bad'),
    ('no tags', swap(NAME + b': v=1', NAME + b': ;;'), 'bad', None),
    ('a field of 20 kB', header(NAME + b': v=1; a=ed25519-sha256; ' + b'x' * 20000), 'bad', 'good'),
    ('a field of 1 MB', header(NAME + b': v=1; a=ed25519-sha256; ' + b'x' * (1 << 20)),
     'unsupported', 'good'),
    ('10,000 signatures', lambda m: add(m, b'\n'.join([NAME + b': v=1; a=x; b='] * 10000)),
     'unsupported', 'error'),
    ('a header of 1 MB', on_top(b'\n'.join([b'X: ' + b'x' * 60] * 16000)), 'unsupported', 'good'),
)


def other(mail):
    return sign(mail, i=b'bob@list.example', s=b'default', key=OTHER)


def cover(mail):
    return mail.split(b'---\n')[0].replace(b'[PATCH]', b'[PATCH 0/2]')


class Forger:  # pylint: disable=too-few-public-methods
    """With the neutral element for a key, R = [0]B - [h]A is the neutral element for any h."""

    @staticmethod
    def sign(digest):
        return NEUTRAL + bytes(32) + digest


NEUTRAL = b'\x01' + bytes(31)
OTHER = nacl.signing.SigningKey(bytes(range(32)))

# Name, our own signature of the mail without patatt's, what we say, what patatt says where that is
# something else.
OWN = (
    ('ours', sign, 'good'),
    ('ours, of Message-ID and Date', lambda m: sign(m, b'from:subject:date:message-id'), 'good'),
    ('ours, with Date changed', lambda m: swap(b'Date: ', b'Date: x')(
        sign(m, b'from:subject:date:message-id')), 'bad'),
    ('ours, with a second Date', lambda m: second(b'Date', b' x')(
        sign(m, b'from:subject:date:message-id')), 'bad'),
    ('ours, with a second Date above', lambda m: on_top(b'Date: x')(
        sign(m, b'from:subject:date:message-id')), 'bad', 'good'),
    ('ours, of a field that is not there', lambda m: sign(m, b'from:subject:x-none'), 'good'),
    ('ours, with that field added', lambda m: on_top(b'X-None: x')(
        sign(m, b'from:subject:x-none')), 'bad'),
    ('ours, with names twice', lambda m: sign(m, b'from:subject:from:subject:from'), 'good'),
    ('ours, of a field with folds and tabs', lambda m: sign(
        on_top(b'X-Note: a\n\t b \t c\n   d  ')(m), b'from:subject:x-note'), 'good'),
    ('ours, of a field in encoded words', lambda m: sign(
        on_top(b'X-Note: =?utf-8?q?=C3=A4?=')(m), b'from:subject:x-note'), 'bad'),
    ('ours, in base64', lambda m: sign(coded(m, 'base64')), 'good'),
    ('ours, in quoted-printable', lambda m: sign(coded(m, 'quoted-printable')), 'good'),
    ('ours, in CRLF', lambda m: sign(m).replace(b'\n', b'\r\n'), 'good'),
    ('ours, with another in the body', lambda m: sign(
        swap(b'\n\nBecause', b'\n\nFrom: Bob <bob@list.example>\n\nBecause')(m)), 'good'),
    ('ours, rewritten by a list, with the author in the body', lambda m: swap(
        b'From: Ada Lovelace <Ada@List.example>\nDate', b'From: Ada via kvm <kvm@x.org>\nDate')(sign(
            swap(b'\n\nBecause', b'\n\nFrom: Ada Lovelace <Ada@List.example>\n\nBecause')(m))),
     'good'),
    ('ours, of a cover letter', lambda m: sign(cover(m)), 'good'),
    # Git takes those lines off, and for no patch it does not heed them: they are not signed.
    ('ours, of a cover letter, with another put into its body', lambda m: swap(
        b'\n\nBecause', b'\n\nFrom: Eve <e@x.org>\n\nBecause')(sign(cover(m))), 'bad', 'good'),
    ('ours, of a cover letter, with a Subject put into its body', lambda m: swap(
        b'\n\nBecause', b'\n\nSubject: other\n\nBecause')(sign(cover(m))), 'bad', 'good'),
    ('ours, of a cover letter, with a Date put into its body', lambda m: swap(
        b'\n\nBecause', b'\n\nDate: other\n\nBecause')(sign(cover(m))), 'good'),
    ('ours, of h= that leaves from out', lambda m: sign(m, b'subject'), 'bad'),
    ('ours, of h= that leaves subject out', lambda m: sign(m, b'from:message-id'), 'bad'),
    ('ours, without h=', lambda m: sign(m, h=None), 'bad', 'error'),
    ('ours, of h= in upper case', lambda m: sign(m, b'From:Subject'), 'bad'),
    ('ours, of a field in upper case', lambda m: sign(m, b'from:subject:Message-ID'), 'bad'),
    ('ours, of too many fields', lambda m: sign(m, b'from:subject' + b':x' * 40), 'bad', 'good'),
    ('ours, without t=', lambda m: sign(m, t=None), 'bad'),
    ('ours, with t= that is no time', lambda m: sign(m, t=b'now'), 'bad', 'good'),
    ('ours, of the year 2100', lambda m: sign(m, t=b'4102444800'), 'good'),
    ('ours, expired, which patatt has no tag for', lambda m: sign(m, raw=b'x=1'), 'good'),
    ('ours, without bh=', lambda m: sign(m, bh=None), 'bad'),
    ('ours, with bh= of something else', lambda m: sign(m, bh=b'A' * 43 + b'='), 'bad'),
    ('ours, without l=', lambda m: sign(m, l=None), 'good'),
    ('ours, with l= that is no length', lambda m: sign(m, l=b'x'), 'bad', 'good'),
    ('ours, with l= past the end', lambda m: sign(m, l=b'99999'), 'good'),
    ('ours, with l=0 and its hash', lambda m: sign(
        m, l=b'0', bh=base64.b64encode(hashlib.sha256(b'').digest())), 'bad'),
    ('ours, of the beginning of the body', lambda m: sign(
        m, l=b'7', bh=base64.b64encode(hashlib.sha256(b'Because').digest())), 'bad'),
    ('ours, with an unknown tag', lambda m: sign(m, raw=b'zz=any'), 'good'),
    ('ours, with a tag twice', lambda m: sign(m, raw=b't=1795274847'), 'bad', 'good'),
    ('ours, with two identities', lambda m: sign(m, raw=b'i=bob@list.example'), 'bad'),
    ('ours, with words that are no tag', lambda m: sign(m, raw=b'any'), 'bad', 'good'),
    ('ours, in another order', lambda m: sign(m, order=b'bh h s i l t a v'), 'good'),
    ('ours, without v=', lambda m: sign(m, v=None), 'unsupported', 'good'),
    ('ours, of version 2', lambda m: sign(m, v=b'2'), 'unsupported', 'good'),
    ('ours, of another hash', lambda m: sign(m, a=b'ed25519-sha512'), 'unsupported', 'good'),
    ('ours, without a=', lambda m: sign(m, a=None), 'unsupported', 'error'),
    ('ours, without i=', lambda m: sign(m, i=None), 'good'),
    ('ours, without s=', lambda m: sign(m, s=None), 'good'),
    ('ours, with an empty s=', lambda m: sign(m, s=b''), 'good'),
    ('ours, with s= in upper case', lambda m: sign(m, s=b'DEFAULT'), 'good'),
    ('ours, with i= that is no address', lambda m: sign(m, i=b'ada'), 'unknown-key', 'error'),
    ('ours, with i= in UTF-8', lambda m: sign(m, i='Grüße@list.example'.encode(), s=b'default'),
     'good'),
    ('ours, with i= that is no UTF-8', lambda m: sign(m, i=b'\xff@list.example'), 'unknown-key',
     'error'),
    ('ours, with a domain that leads out', lambda m: sign(m, i=b'ada@..', s=b'default'),
     'unknown-key', 'good'),
    ('ours, with a name that leads out', lambda m: sign(m, i=b'..@list.example', s=b'default'),
     'unknown-key', None),
    ('ours, with slashes', lambda m: sign(m, i=b'../../x@list.example'), 'unknown-key'),
    ('ours, with a name of dots', lambda m: sign(m, i=b'.@list.example'), 'unknown-key', None),
    ('ours, with an empty name', lambda m: sign(m, i=b'@list.example'), 'unknown-key'),
    ('ours, with a long name', lambda m: sign(m, i=b'x' * 300 + b'@list.example'), 'unknown-key',
     None),
    ('ours, by a key of another', lambda m: sign(m, key=OTHER), 'bad'),
    ('of a key of small order, which any text fits',
     lambda m: sign(m, i=b'low@list.example', s=b'default', key=Forger()), 'bad'),
    ('ours, with a key file cut short', lambda m: sign(m, i=b'short@list.example'), 'unknown-key',
     'error'),
    ('ours, with a key file of 1 MB', lambda m: sign(m, i=b'long@list.example'), 'unknown-key',
     None),
    ('ours, with a key file that has more', lambda m: sign(m, i=b'two@list.example'), 'unknown-key',
     None),
    ('ours, with a key file with an empty line', lambda m: sign(m, i=b'lines@list.example'), 'good'),
    ('ours, with a directory for a key', lambda m: sign(m, i=b'dir@list.example'), 'unknown-key',
     'error'),
    ('ours, with a key file that all may write', lambda m: sign(m, i=b'open@list.example'),
     'unknown-key', 'good'),
    # Several.
    ('two developers', lambda m: other(sign(m)), 'good'),
    ('two developers, one of them wrong', lambda m: in_tag(b'b', flip)(other(sign(m))), 'bad'),
    ('two developers, one of them unknown',
     lambda m: sign(sign(m), i=b'eve@x.org', key=OTHER), 'good', 'unknown-key'),
    ('two developers, one with OpenSSH', lambda m: add(
        sign(m), NAME + b': v=1; a=openssh-sha256; i=eve@x.org; b=x'), 'good', 'unknown-key'),
    ('the same twice', lambda m: add(sign(m), NAME + b':' + field(sign(m), NAME)), 'bad', 'good'),
    ('rubbish behind the good one of the same identity', lambda m: add(
        sign(m), NAME + b': v=1; a=ed25519-sha256; i=%s; t=1; h=from:subject; bh=; b='
        % IDENTITY.encode()), 'bad', 'good'),
)


def keyring(work):
    """patatt's, and keys that have something about them."""
    ring = work + '/keyring'
    shutil.copytree(env['KEYRING'], ring, symlinks=True)
    key = base64.b64encode(SECRET.verify_key.encode())
    weak = base64.b64encode(NEUTRAL)
    for local, text in ((b'bob', base64.b64encode(OTHER.verify_key.encode())), (b'low', weak),
                        (b'short', key[:40]), (b'long', key + b'\n' * (1 << 20)),
                        (b'two', key + b'\n' + key), (b'lines', b'\n' + key + b'\r\n\n'),
                        (b'open', key), (b'gr%C3%BC%C3%9Fe', key), (b'..', key)):
        directory = os.path.join(ring.encode(), b'ed25519/list.example', local)
        os.makedirs(directory, exist_ok=True)
        for selector in (b'default', SELECTOR.encode()):
            with open(os.path.join(directory, selector), 'wb') as file:
                file.write(text)
            os.chmod(os.path.join(directory, selector), 0o666 if local == b'open' else 0o644)
    os.makedirs(ring + '/ed25519/list.example/dir/' + SELECTOR)
    # Where patatt gets with the domain `..'.
    os.makedirs(ring + '/ada')
    with open(ring + '/ada/default', 'wb') as file:
        file.write(key)
    return ring


def wrong(mail, home, ring, want, want_theirs):
    """What is wrong with both answers; nothing when they are as wanted."""
    said, why = ours(mail, home)
    they = theirs(mail, ring)
    said_all = 'mldigest: %s (%s), patatt: %s' % (said, why, they)
    if said == 'good' and they not in ('good', 'unknown-key'):
        return 'laxer than patatt: ' + said_all
    if want is not None and said != want:
        return 'wanted %s: %s' % (want, said_all)
    if want is None and said == 'good' and they != 'good':
        return said_all
    if want_theirs is not None and they != want_theirs:
        return 'wanted patatt to say %s: %s' % (want_theirs, said_all)
    return ''


# What git makes of fields and bodies, by itself.
FROMS = (b'%s <a@x.org>', b'a@x.org %s', b'<a@x.org> %s', b'%s <nobody>', b'%s', b'%s a@x.org,b@x.org',
         b'%s <a@x.org> (x) <b@x.org>', b'"%s" <a@x.org>', b'a@x.org (%s)')
NAMES = (b'', b'A', b'Ada L.', b'x' * 60, b'x' * 61, b'a@b', b'a <b> c', b'"a < b"', b'(c)', b'()', b'x (c)',
         b'"q\\"r" s', b'(a(b)c)', b'(a\\)b) c', b'a  b\tc', b'=?utf-8?q?=C3=A4_=C3=B6?=', b'a\\',
         b'=?utf-8?q?a?= =?utf-8?b?w7Y=?=', b'=?iso-8859-1?q?=F6?=', b'\xf6', b'a\x0bb')
SUBJECTS = (b'x', b'Re: x', b'RE:x', b're: [a] Re: x', b'[a][b]  c', b'[unclosed x', b'Re:', b'Re: a', b're:a',
            b'r', b'', b'[]', b'[x]]', b'x [y]', b':: x', b'a\n b', b'a  \n\t b', b'=?utf-8?q?[PATCH]_x?=',
            b'a =?utf-8?q?b?= =?utf-8?q?c?= d', b'=?utf-8?q?b?=\n =?utf-8?q?c?=', b'=?utf-8?b?w7Y?=',
            b'=?utf-8?q?a=0Ab?=', b'=?x?Q?a_b=?=', b'a=?utf-8?q?b?=c', b'[=?utf-8?q?a]_b?=')
BODIES = (b'x', b'\n\n x', b'From: B <b@x.org>\n\nx', b'From: B <b@x.org>\nx\n---\ny',
          b'From: B <b@x.org>\n\nx\n---\ny', b'Subject: a\n b\nDate: z\n\nq\ndiff --git a b',
          b'subject: =?utf-8?q?a?=\n =?utf-8?q?b?=\n\nx\n---\nd', b'From: a\nFrom: b\n\nx\n---\ny',
          b'[PATCH] x\n\ny\n--- a', b'[PATCH]\n\ny\n---', b'[PATCHED] x\n\ny\n--- a\n', b'>From x\ny',
          b'>From ' + b'0' * 40 + b' Mon Sep 17 00:00:00 2001\nFrom: b <b@x.org>\n\ny\n---\nx',
          b'From ' + b'0' * 40 + b' Mon Sep 17 00:00:00 2001\nFrom: b <b@x.org>\n\ny\n---\nx',
          b'---\nx', b'--- \nx', b'---\t \nx', b'----\nx', b'--- a\nx', b'---a\nx', b'Index: f\nx',
          b'diff -u\nx', b'diff x\nFrom: y', b'From: a\n \n\nx', b'From:\n\nx\n---\ny', b'Content-Type: x\n\ny',
          b'a \n\n\nb\n\n\n', b'a\r\r\nb\r', b'\r\nFrom: B <b@x.org>\n\nx\n---\ny', b'=41=\n=3d=\nx =20 \n=zz=',
          b'\xe4\xc3\xa4', b'-- >8 --\nx', b'x\n\x0c\ny', b'From: B <b@x.org>\n\tC\n\nx\n---\ny')


def readings():
    for form in FROMS:
        for name in NAMES:
            yield b'From: ' + form.replace(b'%s', name) + b'\nSubject: x\n\nx\n---\ny\n'
    for subject in SUBJECTS:
        yield b'From: A <a@x.org>\nSubject: ' + subject + b'\n\nx\n'
    for body in BODIES:
        head = b'From: A <a@x.org>\nSubject: s\nContent-Transfer-Encoding: 8bit\n'
        for mail in (head + b'\n' + body, head + b'\n' + body + b'\n'):
            yield mail
            yield mail.replace(b'\n', b'\r\n')
            for coding in ('quoted-printable', 'base64'):
                yield coded(mail, coding)
                yield coded(mail, coding, b'\r\n')
        yield (head + b'\n' + body).replace(b'8bit', b'quoted-printable')
        yield (head + b'\n' + body).replace(b'8bit', b'base64')


def git_reads(mail):
    """The canonical form that patatt makes with git, or None where git gives up."""
    made = patatt.PatattMessage(mail)
    try:
        made.git_canonicalize()
    except Exception:  # pylint: disable=broad-except
        return None
    fields = {h.split(b':', 1)[0].lower(): h.split(b':', 1)[1] for h in made.canon_headers}
    return {name: relax(fields[name]) for name in (b'from', b'subject')}, made.canon_body


def misread(mails):
    """The first of MAILS that git and mldigest do not read alike."""
    for mail in mails:
        want = git_reads(mail)
        try:
            fields, body = canon(mail)
            got = {name: relax(value) for name, value in fields.items()}, body
        except AssertionError as failure:
            # There git reads what no mail has.
            if 'does not end' in str(failure):
                continue
            got = None
        if got != want:
            return '%s: %s, git: %s' % (mail, got, want)
    return ''


def flips(mail, home, ring, step):
    """Where one bit less makes a mail that is good here and not there."""
    good = 0
    for i in range(0, len(mail), step):
        changed = bytearray(mail)
        changed[i] ^= 1 << i % 8
        changed = bytes(changed)
        if ours(changed, home)[0] == 'good':
            good += 1
            if theirs(changed, ring) != 'good':
                return 'byte %d' % i
    # A bit in the year of Date, which is not signed, does no harm.
    return '' if 0 < good < len(mail) / step / 2 else '%d of them good' % good


def main():
    with open(sys.argv[1], 'rb') as file:
        signed = file.read()
    work = sys.argv[2]
    ring = keyring(work)
    home = work + '/home'
    subprocess.run([env['MLDIGEST'], '-H', home, 'init'], check=True)
    os.rename(ring, home + '/keyring')
    ring = home + '/keyring'
    bare = re.sub(rb'(?im)^X-Developer-(.|\n )*\n', b'', signed)
    for table, mail in ((CHANGES, signed), (OWN, bare)):
        for name, change, want, *rest in table:
            they = rest[0] if rest else want
            print('%s\t%s' % (name, wrong(change(mail), home, ring, want, they)))
    mails = list(readings())
    print('%d fields and bodies are read as git reads them\t%s' % (len(mails), misread(mails)))
    print('a flipped bit is never good here and bad there\t%s' %
          flips(signed, home, ring, int(sys.argv[3])))


main()
