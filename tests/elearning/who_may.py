from tests.who_may import Row, everyone

ROWS = [
    Row("rumah: proses hidup", url=lambda world: "/healthz", answers=everyone(200)),
    Row("rumah: siap melayani", url=lambda world: "/readyz", answers=everyone(200)),
    Row("rumah: bantuan", url=lambda world: "/bantuan/", answers=everyone(200)),
    Row("rumah: halaman gaya", url=lambda world: "/gaya/", answers=everyone(200)),
    Row(
        "rumah: ruang penulis",
        url=lambda world: "/admin/",
        answers=everyone(302, trainer=200, reviewer=200),
    ),
    Row("rumah: pintu sandi CMS", url=lambda world: "/admin/login/", answers=everyone(302)),
]
