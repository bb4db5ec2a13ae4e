// On the login page of a demo: a click on an account fills it in.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  document.getElementById("username").value = button.dataset.fill;
  document.getElementById("password").value = button.dataset.password;
  document.getElementById("log-in").focus();
});
