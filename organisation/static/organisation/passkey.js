// Shows what works only with a script and a browser that knows passkeys; says in words when it did not work.
(() => {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll('#mfa_login, [data-passkey]').forEach((part) => { part.hidden = false; });
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault();
    const region = document.getElementById('pesan');
    const notice = document.createElement('div');
    notice.className = 'notice late';
    notice.textContent = 'Passkey tidak jadi dipakai. Coba lagi, atau pakai cara lain.';
    region.replaceChildren(notice);
  });
})();
