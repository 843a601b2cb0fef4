using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace Voucher.Server.Terminals;

/// <summary>
/// Remembers the access tokens of terminals that have been opened: a terminal brings the same one with every scan for twelve
/// hours, and opening it costs as much as deciding the scan. Only genuine tokens are remembered; when a token ends is
/// checked by the framework at every request, whether the terminal may still work by the engine at every scan.
/// </summary>
public sealed class OpenedTokens(ISecureDataFormat<AuthenticationTicket> sealedTokens) : ISecureDataFormat<AuthenticationTicket>
{
    /// <summary>Tokens remembered at most, about 1 KB each; a full memory starts anew.</summary>
    public const int Most = 4_096;

    private readonly ConcurrentDictionary<string, AuthenticationTicket> _opened = new(StringComparer.Ordinal);

    public string Protect(AuthenticationTicket data) => sealedTokens.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => sealedTokens.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        if (protectedText is null) return null;
        if (_opened.TryGetValue(protectedText, out var known)) return known;
        if (sealedTokens.Unprotect(protectedText) is not { } ticket) return null;
        if (_opened.Count >= Most) _opened.Clear();
        return _opened[protectedText] = ticket;
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => sealedTokens.Unprotect(protectedText, purpose);

    /// <summary>Puts the memory before the framework's own format of terminals' tokens.</summary>
    public sealed class Setup : IPostConfigureOptions<BearerTokenOptions>
    {
        public void PostConfigure(string? name, BearerTokenOptions options)
        {
            if (name == AccountSchemes.Terminal) options.BearerTokenProtector = new OpenedTokens(options.BearerTokenProtector);
        }
    }
}
