namespace Voucher.Server.Accounts;

/// <summary>Names of the ways in.</summary>
public static class AccountSchemes
{
    /// <summary>The portal's log-in cookie. Never accepted under /api, so that no foreign page can use it there.</summary>
    public const string Cookie = "cookie";

    /// <summary>The access token of the HTTP API.</summary>
    public const string Token = "token";

    /// <summary>The terminals' token where terminals speak, token under the rest of /api, cookie elsewhere.</summary>
    public const string ByPath = "by-path";

    /// <summary>The access token of a paired terminal.</summary>
    public const string Terminal = "terminal";
}
