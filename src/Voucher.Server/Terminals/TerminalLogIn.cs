using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>Lets a paired device in: it proves that it holds its key by signing the present instant.</summary>
public sealed class TerminalLogIn(TerminalStore terminals, IOptionsMonitor<BearerTokenOptions> tokens, TimeProvider clock)
{
    private const string TerminalClaim = ClaimTypes.NameIdentifier;

    /// <summary>The answer, or <c>null</c> when the terminal, its signature or its clock is not to be believed.</summary>
    /// <param name="protocol">As the terminal says: see <see cref="Protocol"/>.</param>
    public async Task<TerminalLoginAnswer?> TryAsync(TerminalLogin login, int protocol)
    {
        var now = clock.GetUtcNow();
        if ((now - login.At).Duration() > TerminalLogin.ClockTolerance) return null;
        if (await terminals.FindAsync(new TerminalId(login.TerminalId)) is not { } terminal || !IsSigned(login, terminal.PublicKey)) return null;
        await terminals.SeenAsync(terminal.Id, protocol, now);
        // One in quarantine keeps its journal until the county has looked: nothing more is taken from it.
        var isLetIn = terminal.Status == TerminalStatus.Active && protocol >= Protocol.OldestAccepted;
        return new TerminalLoginAnswer(
            terminal.Status, isLetIn ? NewToken(terminal.Id, now) : null, (int)Accounts.AccountSetup.TerminalTokenLength.TotalSeconds, now,
            Protocol.Current, Protocol.OldestAccepted);
    }

    public static TerminalId TerminalOf(ClaimsPrincipal user) =>
        new(int.Parse(user.FindFirstValue(TerminalClaim)!, System.Globalization.CultureInfo.InvariantCulture));

    private string NewToken(TerminalId terminal, DateTimeOffset now)
    {
        var identity = new ClaimsIdentity([new Claim(TerminalClaim, terminal.ToString())], AccountSchemes.Terminal);
        var properties = new AuthenticationProperties { ExpiresUtc = now + Accounts.AccountSetup.TerminalTokenLength };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, $"{AccountSchemes.Terminal}:AccessToken");
        return tokens.Get(AccountSchemes.Terminal).BearerTokenProtector.Protect(ticket);
    }

    private static bool IsSigned(TerminalLogin login, byte[] publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        var text = Encoding.ASCII.GetBytes(TerminalLogin.SignedText(login.TerminalId, login.At));
        return login.Signature is { Length: 64 }
            && key.VerifyData(text, login.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
