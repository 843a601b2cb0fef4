using System.Net;
using System.Security.Claims;

namespace Voucher.Server.Audit;

/// <summary>
/// From where the present act is done: the address of the caller as known behind the proxies, <c>terminal:N</c> for a paired
/// terminal, <c>public</c> for who may stay anonymous, and <c>server</c> for what no request has caused (workers, commands). Set once a request, and seen by everything
/// that the request awaits, so that no use case has to pass it on.
/// </summary>
public static class Whereabouts
{
    public const string Server = "server";

    /// <summary>Anybody, on a page where they may stay anonymous.</summary>
    public const string Public = "public";

    private static readonly AsyncLocal<string?> Ambient = new();

    public static string Current => Ambient.Value ?? Server;

    /// <summary>Middleware; behind authentication, which tells terminals from people.</summary>
    public static Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        Ambient.Value = Of(context);
        return next(context);
    }

    /// <summary>For what the calling method awaits from here on, nothing tells from where it is done.</summary>
    public static void LeaveOut() => Ambient.Value = Public;

    private static string Of(HttpContext context) =>
        context.User.Identity?.AuthenticationType == AccountSchemes.Terminal
            ? $"terminal:{context.User.FindFirstValue(ClaimTypes.NameIdentifier)}"
            : Show(context.Connection.RemoteIpAddress);

    /// <summary>The whole address: the limits count a network of the sixth version as one caller, the trail names the machine.</summary>
    private static string Show(IPAddress? address) => address switch
    {
        null => Server,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        // A zone such as %eth0 is of this machine alone, and may be long.
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true } local => new IPAddress(local.GetAddressBytes()).ToString(),
        var known => known.ToString(),
    };
}
